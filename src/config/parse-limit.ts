import { UsageError } from '../core/errors.js'

/** Rows of a suite, counted from 1, both ends included. */
export interface RowRange {
  first: number
  last: number
}

/**
 * Read `--limit`: `20` is the first twenty rows, `21-40` the next twenty.
 * @throws UsageError for anything else.
 */
export function parseLimit(text: string): RowRange {
  const match = /^(?:(\d+)-)?(\d+)$/.exec(text.trim())
  const range = { first: Number(match?.[1] ?? 1), last: Number(match?.[2] ?? Number.NaN) }
  if (!(range.first >= 1 && range.last >= range.first && Number.isSafeInteger(range.last))) {
    throw new UsageError(
      `limit: expected a number of rows such as 20, or a range such as 21-40 (rows count from 1, both ends included), got "${text}"`,
    )
  }
  return range
}
