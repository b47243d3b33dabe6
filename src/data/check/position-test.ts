import { binomialTail } from './binomial-tail.js'
import { chiSquareTail } from './chi-square-tail.js'

/** Below this many expected at each place the chi-square distribution is not near enough (Cochran 1954). */
const EXPECTED_AT_LEAST = 5

export interface PositionTest {
  test: 'chi-square' | 'binomial'
  /** How likely such a bias, or a larger one, is where every place is equally likely. */
  p: number
}

/**
 * Whether the right options stand at every place equally often. With enough questions Pearson's chi-square test of fit; with fewer, the exact binomial probability of
 * the fullest place, times the number of places (Bonferroni).
 * @param counts how often the right option stood at each place; two places at least
 */
export function positionTest(counts: readonly number[]): PositionTest {
  const n = counts.reduce((sum, count) => sum + count, 0)
  const expected = n / counts.length
  if (expected < EXPECTED_AT_LEAST) {
    const tail = binomialTail({ successes: Math.max(...counts), n, p: 1 / counts.length })
    return { test: 'binomial', p: Math.min(1, counts.length * tail) }
  }
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return { test: 'chi-square', p: chiSquareTail({ statistic, degrees: counts.length - 1 }) }
}
