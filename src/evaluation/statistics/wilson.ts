/** Lower and upper bound, between 0 and 1. */
export type Interval = readonly [low: number, high: number]

/** 97.5 % point of the normal distribution: two-sided 95 %. */
const Z = 1.959963984540054

/**
 * Wilson score interval (95 %) of a proportion: `successes` of `n` trials, `n` > 0; successes may be a fraction where trials were averaged.
 * Source: E. B. Wilson, 1927; without continuity correction, as method 3 of R. G. Newcombe, 1998.
 */
export function wilson({ successes, n }: { successes: number; n: number }): Interval {
  const share = successes / n
  const square = Z * Z
  const centre = (share + square / (2 * n)) / (1 + square / n)
  const half = (Z / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  // At the ends the bound is exact; rounding must not leave it a hair inside.
  return [share === 0 ? 0 : centre - half, share === 1 ? 1 : centre + half]
}
