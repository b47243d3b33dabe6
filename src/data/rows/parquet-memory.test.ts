import { afterAll, expect, test } from '@jest/globals'
import { parquetMetadataAsync } from 'hyparquet'
import { fileWriter, parquetWriteRows } from 'hyparquet-writer'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetBuffer } from './parquet-buffer.js'
import { checkParquetMemory } from './parquet-memory.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-parquet-memory-'))
afterAll(() => rm(folder, { recursive: true }))

const ROWS = 20
const BYTES = 50_000
const PLENTY = { bytes: 1e9, longest: 1e9 }

/** One row group of random images: 1 MB, which Snappy makes no smaller. */
async function fileOf({ pageSize, codec }: { pageSize: number; codec: 'SNAPPY' | 'UNCOMPRESSED' }) {
  const path = join(folder, `${codec}-${pageSize}.parquet`)
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: Array.from({ length: ROWS }, () => ({ image: randomBytes(BYTES) })),
    columns: [{ name: 'image' }],
    schema: [
      { name: 'schema', num_children: 1 },
      { name: 'image', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    ],
    codec,
    rowGroupSize: ROWS,
    pageSize,
  })
  return path
}

async function check({
  path,
  ...limits
}: { path: string } & Partial<Parameters<typeof checkParquetMemory>[0]>): Promise<string[]> {
  const file = await parquetBuffer(path)
  const metadata = await parquetMetadataAsync(file)
  return checkParquetMemory({
    ...{ path, file, metadata, sliceBytes: 200_000, memory: PLENTY, notedBytes: 500_000 },
    ...limits,
  })
}

test('a row group in one page takes what is read and what it is decompressed to, and is told with the command that rewrites the file', async () => {
  const path = await fileOf({ pageSize: 10_000_000, codec: 'SNAPPY' })
  const [notice = '', ...others] = await check({ path, notedBytes: 1_900_000 })
  expect(others).toEqual([])
  expect(notice).toContain(
    `${path}: rows 1 to 20 can only be read together, which takes about 0.0 GB of memory.`,
  )
  expect(notice).toContain(`pq.read_table('${path}')`)
  expect(await check({ path, notedBytes: 2_200_000 })).toEqual([])
})

test('without compression it takes the half', async () => {
  const path = await fileOf({ pageSize: 10_000_000, codec: 'UNCOMPRESSED' })
  expect(await check({ path, notedBytes: 900_000 })).toHaveLength(1)
  expect(await check({ path, notedBytes: 1_100_000 })).toEqual([])
})

test('a row group with a page for each image is read in slices, and nothing is told', async () => {
  expect(await check({ path: await fileOf({ pageSize: 1_000, codec: 'SNAPPY' }) })).toEqual([])
})

test('more than the machine has, or than one buffer holds, is refused before anything is read', async () => {
  const path = await fileOf({ pageSize: 10_000_000, codec: 'SNAPPY' })
  await expect(check({ path, memory: { ...PLENTY, bytes: 1_900_000 } })).rejects.toThrow(
    /rows 1 to 20 can only be read together.*there are 0\.0 GB\. Row groups of fewer rows take less: python3 -c/,
  )
  await expect(check({ path, memory: { ...PLENTY, longest: 900_000 } })).rejects.toThrow(
    /more than one buffer of Node\.js can hold/,
  )
})
