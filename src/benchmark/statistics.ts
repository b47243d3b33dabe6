/** The value below which the given share of the sorted values lies (nearest rank). @param share between 0 and 1. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  const value = sorted[rank - 1]
  if (value === undefined) throw new RangeError('no percentile of no values')
  return value
}

export interface Percentiles {
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

/** Rounded to microseconds. */
export function percentiles(milliseconds: readonly number[]): Percentiles {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (share: number): number => round(percentile(sorted, share))
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) }
}

export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits))
}
