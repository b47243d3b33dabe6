import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { StoreError, UsageError } from '../../../core/errors.js'
import { keepBeginning } from './keep-beginning.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'codevision-beginning-'))
})
afterAll(() => rm(root, { recursive: true }))

test('what a folder began with is kept, and another beginning is refused with every difference', async () => {
  const folder = join(root, 'a', 'stage')
  const first = { folder, values: { seed: 1, config: { batch: 2, shape: { layers: 1 } } }, isBegun: false }
  expect(await keepBeginning(first)).toBe('new')
  const again = { folder, values: { config: { shape: { layers: 1 }, batch: 2 }, seed: 1 }, isBegun: true }
  expect(await keepBeginning(again)).toBe('same')
  const other = keepBeginning({
    folder,
    values: { seed: 1, config: { batch: 4, rate: 0.1, shape: { layers: 1 } } },
    isBegun: true,
  })
  await expect(other).rejects.toThrow(UsageError)
  await expect(other).rejects.toThrow(
    'config.batch: 2 when it began, 4 now\n  config.rate: nothing when it began, 0.1 now',
  )
})

test('what tells a reader nothing is told in words, also where only its contents have changed', async () => {
  const folder = join(root, 'words')
  const keep = (from: string, path: string, isBegun = true): Promise<unknown> =>
    keepBeginning({ folder, values: { from }, inWords: { from: path }, isBegun })
  await keep('3f', '/models/base', false)
  await keep('3f', '/models/copy')
  await expect(keep('a0', '/models/sft')).rejects.toThrow(
    '  from: /models/base when it began, /models/sft now\n',
  )
  await expect(keep('a0', '/models/base')).rejects.toThrow('  from: /models/base, which has changed since\n')
})

test('as long as nothing was made of it, a beginning can be another', async () => {
  const folder = join(root, 'other')
  const keep = (seed: number, isBegun: boolean): Promise<string> =>
    keepBeginning({ folder, values: { seed }, isBegun })
  expect(await keep(1, false)).toBe('new')
  expect(await keep(7, false)).toBe('new')
  expect(await keep(7, true)).toBe('same')
  await expect(keep(1, true)).rejects.toThrow('seed: 7 when it began, 1 now')
})

test('what was begun without a record is not taken for what is asked for, and gets none', async () => {
  const folder = join(root, 'unrecorded')
  await mkdir(folder)
  await writeFile(join(folder, 'rows.parquet'), '')
  const keep = keepBeginning({ folder, values: { seed: 1 }, isBegun: true })
  await expect(keep).rejects.toThrow(UsageError)
  await expect(keep).rejects.toThrow('begun without a record of what it began with (began-with.json)')
  expect(await readdir(folder)).toEqual(['rows.parquet'])
})

test('a record that is damaged is told as such, and nothing is written over it', async () => {
  const folder = join(root, 'b')
  await keepBeginning({ folder, values: { seed: 1 }, isBegun: false })
  const [name = ''] = await readdir(folder)
  await writeFile(join(folder, name), '{')
  await expect(keepBeginning({ folder, values: { seed: 1 }, isBegun: true })).rejects.toThrow(StoreError)
})
