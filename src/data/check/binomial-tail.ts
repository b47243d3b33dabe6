/** Probability of at least `successes` in `n` independent trials that succeed with probability `p`, 0 < p < 1; summed exactly. */
export function binomialTail({ successes, n, p }: { successes: number; n: number; p: number }): number {
  let logTerm = n * Math.log1p(-p)
  let tail = successes <= 0 ? Math.exp(logTerm) : 0
  for (let k = 1; k <= n; k++) {
    logTerm += Math.log((n - k + 1) / k) + Math.log(p) - Math.log1p(-p)
    if (k >= successes) tail += Math.exp(logTerm)
  }
  return Math.min(1, tail)
}
