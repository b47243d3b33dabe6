import { expect, test } from '@jest/globals'
import { shares } from './shares.js'

test('sequences are shared out by their tokens, as evenly as the longest first allows', () => {
  expect(shares({ lengths: [10, 40, 30, 20], count: 2 })).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect(shares({ lengths: [5, 5, 5, 5, 5, 5], count: 3 })).toEqual([
    [0, 3],
    [1, 4],
    [2, 5],
  ])
})

test('where sequences are fewer than shares, the last shares are empty', () => {
  expect(shares({ lengths: [3], count: 3 })).toEqual([[0], [], []])
})
