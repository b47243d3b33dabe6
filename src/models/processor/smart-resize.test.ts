import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { smartResize } from './smart-resize.js'

const BOUNDS = { factor: 28, minPixels: 3136, maxPixels: 200_704 }

test('sides become the nearest multiples, halves the even one', () => {
  expect(smartResize({ ...BOUNDS, width: 100, height: 211 })).toEqual({ width: 112, height: 224 })
  // 2.5 and 3.5 times the factor.
  expect(smartResize({ ...BOUNDS, width: 70, height: 98 })).toEqual({ width: 56, height: 112 })
})

test('a larger image shrinks to within the bound, a smaller one grows', () => {
  const large = smartResize({ ...BOUNDS, width: 4000, height: 3000 })
  expect(large).toEqual({ width: 504, height: 364 })
  expect(large.width * large.height).toBeLessThanOrEqual(BOUNDS.maxPixels)
  expect(smartResize({ ...BOUNDS, width: 20, height: 30 })).toEqual({ width: 56, height: 84 })
})

test('one more than 200 times as long as it is wide is refused', () => {
  expect(() => smartResize({ ...BOUNDS, width: 4020, height: 20 })).toThrow(UsageError)
  expect(() => smartResize({ ...BOUNDS, width: 4000, height: 20 })).not.toThrow()
})
