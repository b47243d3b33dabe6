/** Rows that attend to each other: `count` runs of `length` rows, run after run. */
export interface AttentionRuns {
  readonly count: number
  readonly length: number
}

/** Runs with neighbours of one length taken together. */
export function joinRuns(runs: readonly AttentionRuns[]): AttentionRuns[] {
  const joined: { count: number; length: number }[] = []
  for (const { count, length } of runs) {
    const last = joined.at(-1)
    if (last?.length === length) last.count += count
    else joined.push({ count, length })
  }
  return joined
}
