import { expect, test } from '@jest/globals'
import { anls } from './anls.js'

test.each([
  ['', '', 1],
  ['kitten', 'sitting', 1 - 3 / 7],
  ['New  York', 'new york', 1],
  ['abcd', 'abxy', 0],
  // Four edits are half of eight: the threshold is not reached from below.
  ['abcdefgh', 'abcd', 0],
  ['abcdefg', 'abcd', 1 - 3 / 7],
  // The longer one has length 3 as it is, 6 in capitals.
  ['ßßß', 'ßxß', 1 - 1 / 6],
  ['😀a', '😁a', 0],
  ['😀ab', '😁ab', 1 - 1 / 3],
])('the similarity of %j and %j is %p', (prediction, reference, value) => {
  expect(anls({ prediction, reference })).toBeCloseTo(value, 12)
})
