import { expect, test } from '@jest/globals'
import { CallRate } from './call-rate.js'

test('so many uses begin in any minute, wherever that minute begins', () => {
  let now = 0
  const rate = new CallRate({ maxPerMinute: 2, now: () => now })
  const admittedAt = (time: number): boolean => {
    now = time
    return rate.admit()
  }
  expect([0, 50_000, 59_999].map(admittedAt)).toEqual([true, true, false])
  // The first is a minute ago, the second is not; what was refused does not count.
  expect([60_000, 60_001, 109_999, 110_000].map(admittedAt)).toEqual([true, false, false, true])
})
