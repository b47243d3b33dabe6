import type { TrainingCurves } from '../../report/training-curves.js'
import type { TaskRecord } from './task-record.js'

/** What came of an arm under one seed. */
export interface MeasuredSeed {
  readonly seed: number
  /** Of the greedy evaluation, by the name of the task. */
  readonly records: readonly TaskRecord[]
  /** Of its training; null where nothing was trained. */
  readonly curves: TrainingCurves | null
  /** Run folders. */
  readonly folders: { readonly training: string | null; readonly evaluation: string }
}

/** By the name that the study has for the arm; an arm that was not made yet has none. */
export type MeasuredArms = ReadonlyMap<string, readonly MeasuredSeed[]>
