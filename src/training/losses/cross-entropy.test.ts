import { expect, test } from '@jest/globals'
import { crossEntropy } from './cross-entropy.js'
import { sampledEntropy } from './entropy.js'

test('only tokens that count are learned', () => {
  const { value, derivative } = crossEntropy({
    logprobs: [
      [-1, -2],
      [-3, -4],
    ],
    mask: [
      [1, 0],
      [1, 1],
    ],
    mode: 'token-mean',
  })
  expect(value).toBeCloseTo(8 / 3, 15)
  expect(derivative.map((row) => [...row].map((slope) => slope + 0))).toEqual([
    [-1 / 3, 0],
    [-1 / 3, -1 / 3],
  ])
})

test('entropy is estimated by the mean surprise of what was sampled', () => {
  expect(sampledEntropy([[-1, -2], [-3]])).toBe(2)
  expect(sampledEntropy([])).toBe(0)
})
