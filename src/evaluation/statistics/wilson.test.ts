import { describe, expect, test } from '@jest/globals'
import { wilson } from './wilson.js'

describe('wilson', () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i is as in Newcombe’s table', (successes, n, low, high) => {
    const interval = wilson({ successes, n })
    expect(interval[0]).toBeCloseTo(low, 4)
    expect(interval[1]).toBeCloseTo(high, 4)
  })

  test('is the mirror image for failures, and exact at both ends', () => {
    const [low, high] = wilson({ successes: 81, n: 263 })
    const mirrored = wilson({ successes: 263 - 81, n: 263 })
    expect(mirrored[0]).toBeCloseTo(1 - high, 12)
    expect(mirrored[1]).toBeCloseTo(1 - low, 12)
    expect(wilson({ successes: 0, n: 3 })[0]).toBe(0)
    expect(wilson({ successes: 3, n: 3 })[1]).toBe(1)
  })
})
