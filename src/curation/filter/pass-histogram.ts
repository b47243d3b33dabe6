/** Most bars of a histogram, but one. */
const MOST_STEPS = 10

/** How many rows have which pass rate: `counts[i]` of them lie nearest to `i / (counts.length - 1)`. */
export interface PassHistogram {
  readonly counts: readonly number[]
}

/** A row's rollouts as far as its pass rate goes. */
export interface PassCount {
  correct: number
  n: number
}

/** Steps from 0 to 1: where every row has the same number of rollouts, of at most ten, each bar is a number of right ones. */
export function histogramSteps(rows: readonly PassCount[]): number {
  return Math.min(
    MOST_STEPS,
    rows.reduce((most, { n }) => Math.max(most, n), 1),
  )
}

/** @param rows with at least one rollout each */
export function passHistogram({ rows, steps }: { rows: readonly PassCount[]; steps: number }): PassHistogram {
  const counts = new Array<number>(steps + 1).fill(0)
  for (const { correct, n } of rows) {
    const at = Math.round((correct / n) * steps)
    counts[at] = (counts[at] ?? 0) + 1
  }
  return { counts }
}
