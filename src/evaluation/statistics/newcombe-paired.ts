import { wilson, type Interval } from './wilson.js'

/** Pairs by how both members ended. */
export interface PairCounts {
  both: number
  /** Only the first is right. */
  first: number
  /** Only the second is right. */
  second: number
  neither: number
}

/**
 * Interval (95 %) of the difference of two paired proportions, second minus first, from the Wilson intervals of both and their correlation, whose estimate is
 * corrected for continuity. Pairs are taken as independent; there is at least one.
 * Source: R. G. Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired data, Statistics in Medicine 17 (1998), 2635–2650, method 10.
 */
export function newcombePaired({ both, first, second, neither }: PairCounts): Interval {
  const n = both + first + second + neither
  const [one, two] = [both + first, both + second]
  const [p1, p2] = [one / n, two / n]
  const [low1, high1] = wilson({ successes: one, n })
  const [low2, high2] = wilson({ successes: two, n })
  const phi = correlation({ both, first, second, neither })
  const reach = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
  const difference = p2 - p1
  return [difference - reach(p2 - low2, high1 - p1), difference + reach(high2 - p2, p1 - low1)]
}

function correlation({ both, first, second, neither }: PairCounts): number {
  const margins = (both + first) * (second + neither) * (both + second) * (first + neither)
  if (margins === 0) return 0
  const product = both * neither - first * second
  const corrected = product > 0 ? Math.max(0, product - (both + first + second + neither) / 2) : product
  return corrected / Math.sqrt(margins)
}
