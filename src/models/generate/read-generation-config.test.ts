import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readGenerationConfig } from './read-generation-config.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'generation-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const GREEDY = { temperature: 0, topP: 1, topK: 0 }
const write = (value: object): Promise<void> =>
  writeFile(join(directory, 'generation_config.json'), JSON.stringify(value))

test('one stop token, or many; sampled only where that is asked for', async () => {
  await write({ eos_token_id: 7, temperature: 0.5, top_k: 20 })
  expect(await readGenerationConfig(directory)).toEqual({ stopIds: [7], sampling: GREEDY })
  await write({ eos_token_id: [7, 8], do_sample: true, temperature: 0.5, top_p: 0.8, top_k: 20 })
  expect(await readGenerationConfig(directory)).toEqual({
    stopIds: [7, 8],
    sampling: { temperature: 0.5, topP: 0.8, topK: 20 },
  })
})

test('without the file it is greedy and names no stop token; a damaged one is refused by name', async () => {
  expect(await readGenerationConfig(directory)).toEqual({ stopIds: [], sampling: GREEDY })
  await write({ eos_token_id: 'end' })
  await expect(readGenerationConfig(directory)).rejects.toThrow(/generation_config\.json: /)
})
