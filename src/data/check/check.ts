import type { CheckedRow } from './checked-row.js'
import type { Finding } from './finding.js'

/** One thing that is looked at, row by row; what it remembers of a row must be small. */
export interface Check {
  row(row: CheckedRow): readonly Finding[]
  /** What only all rows together tell. */
  end?(): readonly Finding[]
}
