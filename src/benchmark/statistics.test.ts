import { describe, expect, test } from '@jest/globals'
import { percentile, percentiles } from './statistics.js'

describe('percentile', () => {
  test('is the nearest rank of the sorted values', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    expect([0, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 5, 10, 10])
  })

  test('of nothing is refused', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError)
  })

  test('does not need sorted values when three are asked for at once', () => {
    expect(percentiles([3, 1, 2.00049])).toEqual({ p50Ms: 2, p95Ms: 3, p99Ms: 3 })
  })
})
