/**
 * Probability that a chi-square variable of `degrees` degrees of freedom is at least `statistic`: the regularised upper incomplete gamma function Q(degrees / 2, statistic / 2).
 * Source: M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5 with erfc by its series or continued fraction (7.1.5, 7.1.14).
 */
export function chiSquareTail({ statistic, degrees }: { statistic: number; degrees: number }): number {
  if (statistic <= 0) return 1
  const half = statistic / 2
  const isOdd = degrees % 2 === 1
  // Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1), from Q(1/2, x) = erfc(√x) or Q(1, x) = e^-x.
  let tail = isOdd ? complementaryError(Math.sqrt(half)) : Math.exp(-half)
  let term = isOdd ? Math.exp(-half) * 2 * Math.sqrt(half / Math.PI) : half * Math.exp(-half)
  for (let a = isOdd ? 0.5 : 1; a < degrees / 2; a++) {
    tail += term
    term *= half / (a + 1)
  }
  return Math.min(1, tail)
}

/** erfc(x) of x ≥ 0. */
function complementaryError(x: number): number {
  return x < 2 ? 1 - errorBySeries(x) : complementByFraction(x)
}

function errorBySeries(x: number): number {
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

function complementByFraction(x: number): number {
  let fraction = x
  for (let n = 80; n >= 1; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}
