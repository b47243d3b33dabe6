import { expect, test } from '@jest/globals'
import { clusteredProportion } from './clustered-proportion.js'
import { wilson } from './wilson.js'

const trials = (successes: number, n: number, clusterOf = (index: number) => String(index)) =>
  Array.from({ length: n }, (_, index) => ({ cluster: clusterOf(index), success: index < successes }))

test('trials on their own have the plain Wilson interval', () => {
  const interval = clusteredProportion(trials(81, 263))
  // Newcombe, 1998, method 3, first example.
  expect(interval?.[0]).toBeCloseTo(0.2553, 4)
  expect(interval?.[1]).toBeCloseTo(0.3662, 4)
})

test('four equal answers to one question count as one', () => {
  const interval = clusteredProportion(trials(40, 80, (index) => String(Math.floor(index / 4))))
  const [low, high] = wilson({ successes: 10, n: 20 })
  expect(interval?.[0]).toBeCloseTo(low, 12)
  expect(interval?.[1]).toBeCloseTo(high, 12)
})

test('answers that differ within every question do not narrow the interval', () => {
  const interval = clusteredProportion(trials(10, 20, (index) => String(index % 10)))
  expect(interval?.[0]).toBeCloseTo(wilson({ successes: 10, n: 20 })[0], 12)
})

test('by hand: clusters of two with one pair split', () => {
  // n = 6, p = 1/2, sums 1, −1, 0: deff = 2 / 1.5, so 4.5 effective trials.
  const list = [
    { cluster: 'a', success: true },
    { cluster: 'a', success: true },
    { cluster: 'b', success: false },
    { cluster: 'b', success: false },
    { cluster: 'c', success: true },
    { cluster: 'c', success: false },
  ]
  expect(clusteredProportion(list)?.[0]).toBeCloseTo(wilson({ successes: 2.25, n: 4.5 })[0], 12)
})

test('where all agree the clusters are counted', () => {
  const interval = clusteredProportion(trials(8, 8, (index) => String(index % 2)))
  expect(interval).toEqual(wilson({ successes: 2, n: 2 }))
  expect(clusteredProportion([])).toBeNull()
})
