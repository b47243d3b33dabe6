import { expect, test } from '@jest/globals'
import { clusteredMean } from './clustered-mean.js'
import { pairedBootstrap } from './paired-bootstrap.js'

/** 60 pairs: 20 gained, 8 lost, the others equal. */
const differences = Array.from({ length: 60 }, (_, index) => ({
  cluster: `q${String(index).padStart(2, '0')}`,
  value: index < 20 ? 1 : index < 28 ? -1 : 0,
}))

test('for many pairs it agrees with the interval from the standard error', () => {
  const [low, high] = pairedBootstrap({ differences, resamples: 20_000 }) ?? [NaN, NaN]
  const interval = clusteredMean(differences)?.interval ?? [NaN, NaN]
  expect(Math.abs(low - interval[0])).toBeLessThan(0.015)
  expect(Math.abs(high - interval[1])).toBeLessThan(0.015)
})

test('the same seed gives the same interval in whatever order, another seed another', () => {
  const graded = differences.map(({ cluster, value }, index) => ({ cluster, value: value / (1 + index) }))
  const interval = pairedBootstrap({ differences: graded, seed: 'a' })
  expect(pairedBootstrap({ differences: [...graded].reverse(), seed: 'a' })).toEqual(interval)
  expect(pairedBootstrap({ differences: graded, seed: 'b' })).not.toEqual(interval)
})

test('pairs of one cluster are drawn together, so repeated ones narrow nothing', () => {
  const once = pairedBootstrap({ differences })
  expect(pairedBootstrap({ differences: [...differences, ...differences] })).toEqual(once)
})

test('where all pairs differ alike, or not at all, draws tell nothing and there is no interval; nor of a single cluster', () => {
  for (const value of [0, 1])
    expect(pairedBootstrap({ differences: differences.map((one) => ({ ...one, value })) })).toBeNull()
  expect(pairedBootstrap({ differences: [{ cluster: 'a', value: 1 }] })).toBeNull()
})
