import { expect, test } from '@jest/globals'
import { percentiles, rowsOf } from './report.js'

test('percentiles are values that occurred', () => {
  expect(percentiles([])).toBeNull()
  expect(percentiles([5])).toEqual({ count: 1, p50: 5, p95: 5, max: 5 })
  expect(percentiles(Array.from({ length: 100 }, (_, index) => 100 - index))).toEqual({
    count: 100,
    p50: 50,
    p95: 95,
    max: 100,
  })
})

test('kills are told apart by target and pace', () => {
  const kill = { target: 'worker', inFlight: 2, retried: 1, recoveryMs: 10 } as const
  const [worker, zygote] = rowsOf([
    { ...kill, pace: 'calm' },
    { ...kill, pace: 'storm', recoveryMs: 90 },
  ])
  expect(worker).toMatchObject({ kills: 2, inFlight: 4, retried: 2, calm: { max: 10 }, storm: { max: 90 } })
  expect(zygote).toMatchObject({ kills: 0, calm: null, storm: null })
})
