import { expect, test } from '@jest/globals'
import { crossEntropy } from './cross-entropy.js'
import { entropyOf, sampledEntropy } from './entropy.js'

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

test('the entropy of a fair coin is log 2, and that of certainty 0', () => {
  expect(entropyOf([Math.log(0.5), Math.log(0.5)])).toBeCloseTo(Math.LN2, 15)
  expect(entropyOf([0, Number.NEGATIVE_INFINITY])).toBeCloseTo(0, 15)
})

test('entropy is estimated by the mean surprise of what was sampled', () => {
  expect(sampledEntropy([[-1, -2], [-3]])).toBe(2)
  expect(sampledEntropy([])).toBe(0)
})
