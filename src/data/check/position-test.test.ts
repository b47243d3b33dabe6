import { describe, expect, test } from '@jest/globals'
import { binomialTail } from './binomial-tail.js'
import { positionTest } from './position-test.js'

describe('binomialTail', () => {
  test('sums the upper tail', () => {
    expect(binomialTail({ successes: 8, n: 10, p: 0.5 })).toBeCloseTo(56 / 1024, 12)
    expect(binomialTail({ successes: 3, n: 3, p: 0.25 })).toBeCloseTo(1 / 64, 12)
    expect(binomialTail({ successes: 0, n: 7, p: 0.3 })).toBeCloseTo(1, 12)
  })
})

describe('positionTest', () => {
  test('of many questions is the chi-square test of fit', () => {
    expect(positionTest([20, 20, 20, 20])).toEqual({ test: 'chi-square', p: 1 })
    const { test: name, p } = positionTest([10, 10, 10, 30])
    expect(name).toBe('chi-square')
    expect(p).toBeCloseTo(1.6974e-4, 8)
  })

  test('of few questions is exact, and counts that any place could have been the fullest', () => {
    const { test: name, p } = positionTest([8, 0, 0, 0])
    expect(name).toBe('binomial')
    expect(p).toBeCloseTo(4 ** -7, 12)
    expect(positionTest([1, 0])).toEqual({ test: 'binomial', p: 1 })
  })
})
