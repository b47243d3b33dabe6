import { expect, test } from '@jest/globals'
import { packParts } from './pack-parts.js'

test('neighbours share a part as long as their padded tokens fit', () => {
  expect(packParts({ lengths: [3, 3, 3, 4], most: 9 })).toEqual([[0, 1, 2], [3]])
  expect(packParts({ lengths: [2, 5, 2], most: 9 })).toEqual([[0], [1], [2]])
  expect(packParts({ lengths: [2, 4, 2], most: 8 })).toEqual([[0, 1], [2]])
})

test('a sequence that is too long stands alone, and so does each after it that does not fit', () => {
  expect(packParts({ lengths: [20, 1, 1], most: 9 })).toEqual([[0], [1, 2]])
  expect(packParts({ lengths: [], most: 9 })).toEqual([])
})
