import { expect, test } from '@jest/globals'
import { differenceInterval } from './difference-interval.js'
import { wilson } from './wilson.js'

const estimate = (successes: number, n: number) => ({
  value: successes / n,
  interval: wilson({ successes, n }),
})

// Newcombe, 1998, table II, method 10; his differences are first minus second.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [10, 10, 0, 20, 0.6791, 1],
])('%i of %i against %i of %i', (a, m, b, n, low, high) => {
  const [lower, upper] = differenceInterval({ before: estimate(b, n), after: estimate(a, m) })
  expect(lower).toBeCloseTo(low, 4)
  expect(upper).toBeCloseTo(high, 4)
})
