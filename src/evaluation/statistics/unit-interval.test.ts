import { expect, test } from '@jest/globals'
import { unitInterval } from './unit-interval.js'
import { wilson } from './wilson.js'

const found = { mean: 0.9, standardError: 0.1, clusters: 10 }

test('an interval is cut to what is possible', () => {
  expect(unitInterval({ ...found, interval: [0.67, 1.13] })).toEqual([0.67, 1])
  expect(unitInterval({ ...found, mean: 0.1, interval: [-0.13, 0.33] })).toEqual([0, 0.33])
})

test('all right is not certainty: Wilson over the clusters', () => {
  const all = { mean: 1, standardError: 0, interval: [1, 1], clusters: 10 } as const
  expect(unitInterval(all)).toEqual(wilson({ successes: 10, n: 10 }))
  expect(unitInterval({ ...all, mean: 0, interval: [0, 0] })).toEqual(wilson({ successes: 0, n: 10 }))
})

test('the same partial credit everywhere has the interval of no width that it shows', () => {
  const even = { mean: 0.5, standardError: 0, interval: [0.5, 0.5], clusters: 10 } as const
  expect(unitInterval(even)).toEqual([0.5, 0.5])
})

test('one cluster has none', () => {
  expect(unitInterval({ mean: 1, standardError: null, interval: null, clusters: 1 })).toBeNull()
})
