import { expect, test } from '@jest/globals'
import { microBatches } from './micro-batches.js'

test('sequences stand together up to the bound, in their order, and a longer one stands alone', () => {
  expect(microBatches({ lengths: [4, 6, 1, 30, 5, 5], maxTokens: 10 })).toEqual([[0, 1], [2], [3], [4, 5]])
  expect(microBatches({ lengths: [], maxTokens: 10 })).toEqual([])
})

test('no more sequences stand together than are wanted', () => {
  expect(microBatches({ lengths: [1, 1, 1, 1, 1], maxTokens: Infinity, maxCount: 2 })).toEqual([
    [0, 1],
    [2, 3],
    [4],
  ])
  expect(microBatches({ lengths: [1, 9, 1, 1, 1], maxTokens: 9, maxCount: 2 })).toEqual([
    [0],
    [1],
    [2, 3],
    [4],
  ])
})
