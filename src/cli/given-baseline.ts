import { UsageError } from '../core/errors.js'
import { renderBaseline } from '../evaluation/baseline/baseline-table.js'
import { checkBaseline } from '../evaluation/baseline/check-baseline.js'
import { readBaseline, type Baseline } from '../evaluation/baseline/read-baseline.js'
import type { Summary } from '../evaluation/summary/summary.js'

/** What --baseline and --tolerance say. */
export interface GivenBaseline {
  required: Baseline
  /** Print a run's figures against it; whether all are met. */
  isMetBy(summary: Summary): boolean
}

/** @param parameters.tolerance in percentage points. @throws UsageError for a wrong file or tolerance. */
export async function givenBaseline({
  path,
  tolerance,
}: {
  path: string
  tolerance: number | undefined
}): Promise<GivenBaseline> {
  if (tolerance !== undefined && !(tolerance >= 0 && tolerance <= 100))
    throw new UsageError(`--tolerance: expected percentage points from 0 to 100, got ${tolerance}`)
  const baseline = await readBaseline(path)
  return {
    required: baseline,
    isMetBy(summary) {
      const rows = checkBaseline({
        summary,
        baseline,
        tolerance: tolerance === undefined ? null : tolerance / 100,
      })
      console.log(`\n${renderBaseline({ path: baseline.path, rows })}`)
      return rows.every(({ isMissed }) => !isMissed)
    },
  }
}
