import { expect, test } from '@jest/globals'
import { passAtK } from './pass-at-k.js'

test.each([
  // Counted by hand: of the C(5, 2) = 10 pairs of five samples with two right, three hold none.
  [5, 2, 2, 7 / 10],
  [5, 2, 1, 2 / 5],
  [5, 2, 4, 1],
  [10, 3, 5, 1 - 21 / 252],
  [4, 0, 3, 0],
  [4, 4, 1, 1],
])('of %i samples with %i right, pass@%i is %d', (n, correct, k, value) => {
  expect(passAtK({ n, correct, k })).toBeCloseTo(value, 12)
})

test('large numbers do not overflow', () => {
  expect(passAtK({ n: 200, correct: 1, k: 100 })).toBeCloseTo(0.5, 12)
})

test('more draws than samples are refused', () => {
  expect(() => passAtK({ n: 2, correct: 1, k: 3 })).toThrow(/k 3, n 2/)
})
