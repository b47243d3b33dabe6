import type { Transform } from '../../core/transform.js'
import type { Arm } from './arm.js'
import type { Expected } from './direction.js'
import type { MeasureName } from './measures.js'
import type { Premise } from './premise.js'
import type { TaskRecord } from './task-record.js'

export const STUDY_NAMES = [
  'reward-ablation',
  'cold-start',
  'emergent-tools',
  'beta-sweep',
  'scaling',
  'beyond-transforms',
] as const
export type StudyName = (typeof STUDY_NAMES)[number]

/** An arm under the name that a study has for it. */
export interface NamedArm {
  readonly name: string
  readonly arm: Arm
}

/** One comparison of two arms, and what the paper lets expect of it. */
export interface Comparison {
  readonly what: string
  readonly measure: MeasureName
  /** Names of arms: the first minus the second. */
  readonly of: string
  readonly against: string
  /** Tasks that count; absent: all. */
  readonly among?: (record: TaskRecord) => boolean
  /** Tasks, of all seeds together, that it takes to decide anything; absent: as few as the interval allows. */
  readonly fewest?: number
  readonly expected: Expected
  /** Without which agreement would be built in; absent: none is needed. */
  readonly premise?: Premise
}

/** A table of the paper's own figures, in its units. */
export interface PaperTable {
  readonly columns: readonly string[]
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[]
}

/** Means of two arms' settings over a grid, for a heat map. */
export interface Grid {
  readonly rows: { readonly label: string; readonly values: readonly number[] }
  readonly columns: { readonly label: string; readonly values: readonly number[] }
  /** Name of the arm in a cell. */
  readonly armAt: (row: number, column: number) => string
}

/** An experiment of the paper in miniature: what it says, what is trained and measured, and what its words let expect. Plain data. */
export interface Study {
  readonly name: StudyName
  readonly title: string
  /** What the paper says, in our words, and where. */
  readonly statement: readonly string[]
  readonly paper?: PaperTable
  readonly arms: readonly NamedArm[]
  /** Transformations of the pictures on which all arms are evaluated. */
  readonly transforms: readonly Transform[]
  readonly comparisons: readonly Comparison[]
  /** Transformations whose tools are set apart, in a table by seed. */
  readonly heldOut?: readonly Transform[]
  readonly grid?: Grid
  /** Means over tasks that are shown for each arm; accuracy is in any case. */
  readonly shown: readonly MeasureName[]
  /** Also of tasks that need a crop and of those that do not, each alone. */
  readonly isSplitByCrop?: boolean
}
