import { expect, test } from '@jest/globals'
import { CallRate } from './call-rate.js'

const [one, two, three] = [Symbol('one'), Symbol('two'), Symbol('three')] as const

test('so many uses begin in any minute, wherever that minute begins', () => {
  let now = 0
  const rate = new CallRate({ maxPerMinute: 2, now: () => now })
  const admittedAt = (time: number, session: symbol): boolean => {
    now = time
    return rate.begin(session) === null
  }
  expect([admittedAt(0, one), admittedAt(50_000, two), admittedAt(59_999, three)]).toEqual([
    true,
    true,
    false,
  ])
  // The first is a minute ago, the second is not; what was refused does not count.
  expect([60_000, 60_001, 109_999, 110_000].map((time) => admittedAt(time, three))).toEqual([
    ...[true, false, false, false],
  ])
  expect(admittedAt(110_000, two)).toBe(true)
})

test('a session that asks without end leaves the next ones their share', () => {
  const rate = new CallRate({ maxPerMinute: 600, now: () => 0 })
  const usedBy = (session: symbol): number => {
    let used = 0
    while (rate.begin(session) === null) used += 1
    return used
  }
  expect([one, two, three].map(usedBy)).toEqual([300, 150, 75])
  expect(rate.begin(one)).toEqual({ used: 300, by: 'user' })
})

test('a tool that may be used once a minute may be used once', () => {
  const rate = new CallRate({ maxPerMinute: 1, now: () => 0 })
  expect(rate.begin(one)).toBeNull()
  expect(rate.begin(two)).toEqual({ used: 1, by: 'all' })
})
