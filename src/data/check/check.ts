import type { CheckedRow } from './checked-row.js'
import type { Finding } from './finding.js'

/** One thing that is looked at, row by row; what it remembers of a row must be small. */
export interface Check {
  row(row: CheckedRow): readonly Finding[]
  /** What only all rows together tell. */
  end?(options: EndOptions): readonly Finding[] | Promise<readonly Finding[]>
}

export interface EndOptions {
  signal?: AbortSignal | undefined
  /** How far it is, where that takes long. */
  onProgress: (progress: { done: number; total: number }) => void
}
