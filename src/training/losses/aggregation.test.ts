import { expect, test } from '@jest/globals'
import { AGGREGATIONS } from '../../core/training-choices.js'
import { aggregate, aggregationWeights } from './aggregation.js'
import { batchWeights } from './batch-weights.js'

const values = [
  [1, 2, 3],
  [4, 5, 6],
]
const mask = [
  [1, 1, 0],
  [1, 1, 1],
]

test('the loss of tokens is aggregated as its name says', () => {
  expect(aggregate({ values, mask, mode: 'token-mean' })).toBe(18 / 5)
  expect(aggregate({ values, mask, mode: 'seq-mean-token-sum' })).toBe((3 + 15) / 2)
  expect(aggregate({ values, mask, mode: 'seq-mean-token-mean' })).toBe((1.5 + 5) / 2)
  expect(aggregate({ values, mask, mode: 'seq-mean-token-sum-norm' })).toBe(18 / 3)
  expect(aggregate({ values, mask, mode: 'seq-mean-token-sum-norm', width: 9 })).toBe(2)
})

test.each(AGGREGATIONS)('the weights of %s are the derivative of the loss by each token', (mode) => {
  const weights = aggregationWeights({ mask, mode })
  const before = aggregate({ values, mask, mode })
  values.forEach((row, at) =>
    row.forEach((_, column) => {
      const moved = values.map((other, index) =>
        other.map((value, place) => (index === at && place === column ? value + 1 : value)),
      )
      expect(weights[at]?.[column]).toBeCloseTo(aggregate({ values: moved, mask, mode }) - before, 12)
    }),
  )
})

test('the mean over tokens has two meanings, which differ unless sequences are equally long', () => {
  const lengths = [1, 3, 2]
  expect(batchWeights({ lengths, mode: 'token-mean' })).toEqual([1 / 6, 1 / 6, 1 / 6])
  expect(batchWeights({ lengths, mode: 'micro-batch-token-mean', microBatch: 2 })).toEqual([
    1 / 8,
    1 / 8,
    1 / 4,
  ])
  const one = batchWeights({ lengths, mode: 'micro-batch-token-mean', microBatch: 1 })
  batchWeights({ lengths, mode: 'seq-mean-token-mean' }).forEach((weight, index) =>
    expect(one[index]).toBeCloseTo(weight, 15),
  )
})

test('a sequence without trained tokens is refused', () => {
  expect(() => batchWeights({ lengths: [2, 0], mode: 'token-mean' })).toThrow(
    'sequence 1: expected trained tokens, got 0',
  )
})
