import type { RowRange } from '../config/parse-limit.js'
import { UsageError } from '../core/errors.js'
import type { Suite } from './load-suite.js'

/** @throws UsageError when a limit begins behind the last row of a suite. */
export function checkLimit({
  limit,
  suite: { count, path },
}: {
  limit: RowRange | null
  suite: Pick<Suite, 'count' | 'path'>
}): void {
  if (limit === null || limit.first <= count) return
  throw new UsageError(
    `limit: expected rows between 1 and ${count} of ${path}, got ${limit.first}-${limit.last}`,
  )
}
