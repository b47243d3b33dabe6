import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
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
  await keepBeginning({ folder, values: { seed: 1, config: { batch: 2, shape: { layers: 1 } } } })
  await keepBeginning({ folder, values: { config: { shape: { layers: 1 }, batch: 2 }, seed: 1 } })
  const other = keepBeginning({
    folder,
    values: { seed: 1, config: { batch: 4, rate: 0.1, shape: { layers: 1 } } },
  })
  await expect(other).rejects.toThrow(UsageError)
  await expect(other).rejects.toThrow(
    'config.batch: 2 when it began, 4 now\n  config.rate: nothing when it began, 0.1 now',
  )
})

test('a record that is damaged is told as such, and nothing is written over it', async () => {
  const folder = join(root, 'b')
  await keepBeginning({ folder, values: { seed: 1 } })
  const [name = ''] = await readdir(folder)
  await writeFile(join(folder, name), '{')
  await expect(keepBeginning({ folder, values: { seed: 1 } })).rejects.toThrow(StoreError)
})
