import type { CurationType, Provocation } from '../../core/curation.js'
import type { Box, Transform } from '../../core/transform.js'

/**
 * What a trajectory is to be, decided before anything of it is written (paper, section 3: metadata first). A teacher is told it, and what the teacher did is held against it.
 */
export interface CurationPlan {
  /** Key of the task as the model is given it. */
  readonly taskKey: string
  readonly type: CurationType
  readonly question: string
  readonly answer: string
  /** Kind of question as the data set names it; null where it does not. */
  readonly category: string | null
  /** Images of the task, as they are given. */
  readonly images: readonly PlannedImage[]
  /** Calls that lead to the answer, one a turn; empty for `no-tool`. */
  readonly steps: readonly PlannedStep[]
  /** Null unless `error-handling`. */
  readonly provocation: PlannedProvocation | null
  /** Every choice of a built-in teacher follows from it. */
  readonly seed: string
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface PlannedImage extends Size {
  /** What was applied to it. */
  readonly transform: Transform
  /** What spoils it besides (`noise`, `blur`, `low-contrast`), where that is known. */
  readonly corruption: string | null
}

/** One call. */
export interface PlannedStep {
  /** Image of the task that it is about, from 0. */
  readonly image: number
  /** What it works on: the image as given, or what an earlier step made (index into `steps`). */
  readonly from: 'given' | number
  /** In order; each works on what the one before made. */
  readonly operations: readonly PlannedOperation[]
  /** Of what it works on, and of what it makes. */
  readonly inputSize: Size
  readonly resultSize: Size
  /** What its result shows of the image after all that was applied to it has been undone (the canonical image), in pixels of that. */
  readonly window: Box
}

export type PlannedOperation =
  | { readonly op: Exclude<Transform, 'none'> }
  /** In pixels of what it works on. */
  | { readonly op: 'crop'; readonly box: Box }
  | { readonly op: PhotometricTool }

/** What helps against the corruptions of the mini world (low contrast, blur, noise); names of the field's vocabulary. */
export type PhotometricTool = 'autocontrast' | 'contrast_up' | 'sharpen' | 'median_blur'

export interface PlannedProvocation {
  readonly kind: Provocation
  /** It happens in place of this step (index into `steps`), which is then done right. */
  readonly step: number
  /** Failures in a row before it is done right. */
  readonly times: 1 | 2
}
