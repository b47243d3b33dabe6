import { expect, test } from '@jest/globals'
import { vstarLetter } from './vstar-letter.js'

test.each([
  ['b', 'B'],
  ['The answer is (C).', 'C'],
  ['option: d', 'D'],
  ['It is B)', 'B'],
  ['I would say C here', 'C'],
  ['xxDxx', 'D'],
  ['Because of the light', 'B'],
  ['ANSWER: B', 'A'],
  ['the cho\u0130ce is b', 'B'],
  ['the dog', 'D'],
  ['none of them', null],
  ['bad dog', 'B'],
  ['', null],
])('%j is read as %p', (reply, letter) => {
  expect(vstarLetter(reply)).toBe(letter)
})
