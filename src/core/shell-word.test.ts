import { expect, test } from '@jest/globals'
import { shellWord } from './shell-word.js'

test.each([
  ['runs/a-1.parquet', 'runs/a-1.parquet'],
  ['two words', "'two words'"],
  ['', "''"],
  ["it's", String.raw`'it'\''s'`],
  ['$(date)', "'$(date)'"],
  ['*', "'*'"],
])('%s is the word %s of a shell', (word, expected) => {
  expect(shellWord(word)).toBe(expected)
})
