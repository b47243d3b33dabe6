import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet'
import { StoreError } from '../core/errors.js'
import { writeRowGroups, type GroupedRow } from './write-row-groups.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-row-groups-'))
afterAll(() => rm(folder, { recursive: true }))

const columns = new Map([['name', [{ name: 'name', type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const]]])

async function* rowsOf(bytes: readonly number[]): AsyncGenerator<GroupedRow> {
  for (const [at, size] of bytes.entries()) yield { cells: { name: String(at) }, bytes: size }
}

async function groupsOf(name: string, bytes: readonly number[]): Promise<number[]> {
  const path = join(folder, name)
  await writeRowGroups({ path, rows: rowsOf(bytes), columns, groupRows: 3, groupBytes: 100 })
  const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(path))
  return groups.map(({ num_rows: rows }) => Number(rows))
}

test('a group ends after so many rows, or before the row with which its images would be too large', async () => {
  expect(await groupsOf('rows.parquet', [1, 1, 1, 1, 1, 1, 1])).toEqual([3, 3, 1])
  expect(await groupsOf('bytes.parquet', [60, 40, 1, 60, 60, 500, 1, 1, 1])).toEqual([2, 2, 1, 1, 3])
})

test('a file without rows can be read, and has its columns', async () => {
  await groupsOf('none.parquet', [])
  const { num_rows: rows, schema } = await parquetMetadataAsync(
    await asyncBufferFromFile(join(folder, 'none.parquet')),
  )
  expect([rows, schema.map(({ name }) => name)]).toEqual([0n, ['schema', 'name']])
})

test('where a row cannot be made, nothing is left', async () => {
  const rows = async function* (): AsyncGenerator<GroupedRow> {
    yield* rowsOf([1, 1, 1, 1])
    throw new RangeError('no fifth row')
  }
  const path = join(folder, 'failed', 'rows.parquet')
  await expect(
    writeRowGroups({ path: join(folder, 'failed.parquet'), rows: rows(), columns, groupRows: 3 }),
  ).rejects.toThrow('no fifth row')
  expect((await readdir(folder)).filter((name) => name.startsWith('failed'))).toEqual([])
  await expect(writeRowGroups({ path, rows: rowsOf([1]), columns, groupRows: 3 })).rejects.toThrow(/ENOENT/)
})

test('a disk that is full is told with the file that was to be written, and nothing is left', async () => {
  const own = await mkdtemp(join(folder, 'full-'))
  const path = join(own, 'full.parquet')
  // Every write to this device fails with ENOSPC.
  await symlink('/dev/full', `${path}.partial`)
  const writing = writeRowGroups({ path, rows: rowsOf([1]), columns, groupRows: 3 })
  await expect(writing).rejects.toThrow(StoreError)
  await expect(writing).rejects.toThrow(`${path} could not be written: Error: ENOSPC`)
  expect(await readdir(own)).toEqual([])
})
