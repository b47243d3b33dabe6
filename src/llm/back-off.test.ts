import { describe, expect, test } from '@jest/globals'
import { backOffDelay } from './back-off.js'

describe('backOffDelay', () => {
  test('grows exponentially up to thirty seconds', () => {
    const longest = [1, 2, 3, 7, 50].map((attempt) => backOffDelay({ attempt, random: () => 1 }))
    expect(longest).toEqual([500, 1000, 2000, 30_000, 30_000])
  })

  test('has full jitter', () => {
    expect(backOffDelay({ attempt: 3, random: () => 0 })).toBe(0)
    expect(backOffDelay({ attempt: 3, random: () => 0.25 })).toBe(500)
  })

  test('waits at least as long as the server asks', () => {
    expect(backOffDelay({ attempt: 1, retryAfterSeconds: 7, random: () => 0 })).toBe(7000)
    expect(backOffDelay({ attempt: 9, retryAfterSeconds: 7, random: () => 0.5 })).toBe(7250)
  })

  test('never waits longer than two minutes for a server', () => {
    expect(backOffDelay({ attempt: 1, retryAfterSeconds: 86_400, random: () => 0 })).toBe(120_000)
  })
})
