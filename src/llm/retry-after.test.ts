import { describe, expect, test } from '@jest/globals'
import { readRetryAfter } from './retry-after.js'

const now = Date.UTC(2025, 10, 6, 8, 49, 37)

describe('readRetryAfter', () => {
  test.each([
    [{ 'retry-after': '120' }, 120],
    [{ 'retry-after': ' 1.5 ' }, 1.5],
    [{ 'retry-after': 'Thu, 06 Nov 2025 08:50:07 GMT' }, 30],
    [{ 'retry-after': 'Thu, 06 Nov 2025 08:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 0.25],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '-5x' }, undefined],
    [{}, undefined],
  ])('%j asks for %p seconds', (headers, seconds) => {
    expect(readRetryAfter({ headers, now })).toBe(seconds)
  })
})
