import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { loadTokenizer, type Tokenizer } from '../../models/tokenizer/load-tokenizer.js'
import { specialId, tokenCount, tokenizerConfigJson, tokenizerJson } from './mini-tokenizer.js'
import { phraseTokens } from './vocabulary.js'

let folder: string
let tokenizer: Tokenizer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-mini-tokenizer-'))
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerJson()))
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizerConfigJson()))
  tokenizer = await loadTokenizer(folder)
})
afterAll(() => rm(folder, { recursive: true }))

test('each phrase is one token, and no two share one', () => {
  const ids = phraseTokens().map((phrase) => tokenizer.encode(phrase))
  expect(ids.filter((own) => own.length !== 1)).toEqual([])
  expect(new Set(ids.flat()).size).toBe(ids.length)
  expect(Math.max(...ids.flat())).toBe(tokenCount() - 1)
})

test('a number is written digit by digit, a coordinate as one token', () => {
  expect(tokenizer.encode('<answer>32</answer>')).toHaveLength(4)
  expect(tokenizer.encode('(320, 64, 512, 128)').map((id) => tokenizer.decode([id]))).toEqual([
    '(320',
    ', 64',
    ', 512',
    ', 128',
    ')',
  ])
})

test.each(['Ünïcode 漢字 🙂', 'for x in range(3):\n\tprint(x)', '', '<|im_start|>', '^^^^^^^^^^^ , 3 (7'])(
  'any text can be written: %j',
  (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
  },
)

test('marks of a conversation have the ids that the configuration names', () => {
  expect(tokenizer.idOf('<|image_pad|>')).toBe(specialId('<|image_pad|>'))
  expect(tokenizer.specialTokens).toContain('<|im_end|>')
})
