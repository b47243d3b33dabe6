import type { Transform } from '../../core/transform.js'

/** A row as it came. */
export interface SurveyedRow {
  readonly key: string
  readonly id: string
  readonly source: number
  readonly row: number
  readonly transform: Transform
  readonly category: string | null
  /** Null: neither the row nor a box says whether it must be cropped. */
  readonly needsCrop: boolean | null
  readonly notices: readonly string[]
  /** Digest of question, answers and options: the same for rows that may be one. */
  readonly asked: string
}
