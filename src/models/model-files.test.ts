import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { openBackend } from './backend/open-backend.js'
import { readModelFiles } from './model-files.js'
import { writeTinyCheckpoint } from './testing/tiny-checkpoint.js'

let folder: string
beforeEach(async () => {
  await openBackend('cpu')
  folder = await mkdtemp(join(tmpdir(), 'files-'))
  await writeTinyCheckpoint({ directory: folder })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function change(name: string, changes: object): Promise<void> {
  const path = join(folder, name)
  const value = JSON.parse(await readFile(path, 'utf8')) as object
  await writeFile(path, JSON.stringify({ ...value, ...changes }))
}

test('files that agree are read', async () => {
  expect((await readModelFiles(folder)).processor.patchSize).toBe(4)
})

test.each([
  ['preprocessor_config.json', { patch_size: 8 }, /the patch_size .* \(4\) .* got 8/],
  ['preprocessor_config.json', { temporal_patch_size: 1 }, /the temporal_patch_size .* \(2\) .* got 1/],
  ['preprocessor_config.json', { image_std: [1, 0, 1] }, /image_std/],
  ['preprocessor_config.json', { min_pixels: 5000, max_pixels: 4000 }, /got 5000 to 4000 pixels/],
  [
    'tokenizer.json',
    { added_tokens: [{ id: 999, content: '<new>' }] },
    /`vocab_size` .* got one with the id 999/,
  ],
])('files of a checkpoint that do not agree are refused: %s with %j', async (name, changes, message) => {
  await change(name, changes)
  await expect(readModelFiles(folder)).rejects.toThrow(UsageError)
  await expect(readModelFiles(folder)).rejects.toThrow(message)
})
