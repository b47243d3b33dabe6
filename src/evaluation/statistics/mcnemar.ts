/**
 * McNemar's exact test of two paired proportions: under the hypothesis of no difference each of the discordant pairs falls either way with probability one half.
 * Two-sided p, twice the smaller tail, at most 1; 1 where no pair is discordant. Pairs are taken as independent.
 * Source: Q. McNemar, Psychometrika 12 (1947); exact form as in M. W. Fagerland, S. Lydersen and P. Laake, BMC Medical Research Methodology 13:91 (2013).
 */
export function mcnemarExact({ gained, lost }: { gained: number; lost: number }): number {
  const n = gained + lost
  let logTerm = -n * Math.LN2
  let tail = Math.exp(logTerm)
  for (let index = 1; index <= Math.min(gained, lost); index++) {
    logTerm += Math.log((n - index + 1) / index)
    tail += Math.exp(logTerm)
  }
  return Math.min(1, 2 * tail)
}
