import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { loadChatTemplate } from './chat-template.js'
import { loadTokenizer } from './load-tokenizer.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
  await writeFile(join(folder, 'tokenizer_config.json'), '{}')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const rest = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
}
const model = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] }

test('a tokenizer of byte pairs is read', async () => {
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify({ ...rest, model }))
  expect((await loadTokenizer(folder)).encode('ab')).toEqual([2])
})

test.each([
  {},
  { model: null },
  { model: { ...model, type: 'WordPiece' } },
  { model: { ...model, vocab: [] } },
  { model: { ...model, merges: [1, 2] } },
  { model, added_tokens: 'none' },
  {
    model,
    pre_tokenizer: { type: 'Split', pattern: { Regex: '((' }, behavior: 'Isolated', invert: false },
  },
])('rules that cannot be followed are refused by name: %j', async (rules) => {
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify({ ...rest, ...rules }))
  await expect(loadTokenizer(folder)).rejects.toThrow(UsageError)
  await expect(loadTokenizer(folder)).rejects.toThrow(/tokenizer\.json/)
})

test('a template that is no Jinja is refused by name', async () => {
  await writeFile(join(folder, 'chat_template.jinja'), '{% if %}')
  await expect(loadChatTemplate(folder)).rejects.toThrow(UsageError)
})
