import { expect, test } from '@jest/globals'
import { clusteredMean } from './clustered-mean.js'

/** Additional hours of sleep by the second drug: Student, Biometrika 6 (1908), 20. */
const SLEEP = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
const alone = SLEEP.map((value, index) => ({ value, cluster: String(index) }))

test('without clusters it is Student’s interval of the mean of his sleep data', () => {
  const found = clusteredMean(alone)
  expect(found?.mean).toBeCloseTo(2.33, 10)
  // As R's t.test prints it for these data: 0.8976775, 3.7623225.
  expect(found?.interval?.[0]).toBeCloseTo(0.8976775, 4)
  expect(found?.interval?.[1]).toBeCloseTo(3.7623225, 4)
})

test('values that only repeat within their cluster tell no more than one of each', () => {
  const thrice = [...alone, ...alone, ...alone]
  expect(clusteredMean(thrice)?.standardError).toBeCloseTo(clusteredMean(alone)?.standardError ?? NaN, 12)
})

test('a small example by hand: two clusters of two', () => {
  // Mean 0.5; u = (0.5 + 0.5)/4 = 0.25 and −0.25; variance 2/1 · (0.0625 + 0.0625) = 0.25.
  const values = [
    { cluster: 'a', value: 1 },
    { cluster: 'a', value: 1 },
    { cluster: 'b', value: 0 },
    { cluster: 'b', value: 0 },
  ]
  expect(clusteredMean(values)).toMatchObject({ mean: 0.5, standardError: 0.5, clusters: 2 })
})

test('strata weigh the same whatever their size', () => {
  const values = [
    { cluster: 'a', value: 1, stratum: 'none' },
    { cluster: 'b', value: 0, stratum: 'rotate_90' },
    { cluster: 'c', value: 0, stratum: 'rotate_90' },
    { cluster: 'd', value: 0, stratum: 'rotate_90' },
  ]
  expect(clusteredMean(values)?.mean).toBe(0.5)
})

test('one cluster gives a mean without an interval, and no value gives nothing', () => {
  expect(clusteredMean([{ cluster: 'a', value: 0.25 }])).toEqual({
    mean: 0.25,
    standardError: null,
    interval: null,
    clusters: 1,
  })
  expect(clusteredMean([])).toBeNull()
})
