import type { Transform } from '../../core/transform.js'

/** A row that rollouts decide about: what filtering needs of it, so that tens of thousands fit in memory. */
export interface FilterItem {
  /** Of the task that is asked. */
  readonly key: string
  readonly id: string
  /** Place of its source among the sources, and of the row in the source, both from 0. */
  readonly source: number
  readonly row: number
  /** What was applied to the image that is asked about. */
  readonly transform: Transform
  /** Whether it is applied here; else the row came so. */
  readonly isTurnedHere: boolean
  /** Kind of question as the data set names it; null where it does not. */
  readonly category: string | null
  /** Must-use tools in order, `crop` last; empty: none is needed; null: the row does not say (paper, section 4). */
  readonly requiredTools: readonly string[] | null
  /** What of the row could not be used. */
  readonly notices: readonly string[]
}
