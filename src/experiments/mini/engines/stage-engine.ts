import type { CutImage } from '../../../models/processor/pixel-patches.js'
import type { TrainingSegment } from '../../../models/train/training-segment.js'

/** A sample's tokens, with its images cut into patches of bytes. */
export type CutSegment = TrainingSegment<CutImage>

/** What computes a stage: it holds the model and its optimizer, and keeps both in the checkpoint of the stage. */
export interface StageEngine {
  /** For a reader, such as `node` or `torch (cuda)`. */
  readonly name: string
  /** Of segments that are computed together; Infinity: as many as are given. */
  readonly mostTokens: number
  /**
   * Back-propagate the loss of segments that are computed together, by its derivative by each log-probability; gradients add up until the next update. Gives the log-probabilities of the learned tokens of
   * each segment.
   */
  backward(given: {
    segments: readonly CutSegment[]
    gradient: (logprobs: readonly ArrayLike<number>[]) => readonly Float32Array[]
  }): Promise<readonly ArrayLike<number>[]>
  /** Clip what added up to a norm, and apply it. @throws CodeVisionError when it is not finite. */
  update(given: { learningRate: number; maxNorm: number }): Promise<{ gradientNorm: number }>
  /** Whether each learned token of some segments is the most probable one. [segments][learned tokens] */
  matches(segments: readonly CutSegment[]): Promise<boolean[][]>
  /** Go on from the checkpoint of the stage, where there is one. @returns the steps that were done. @throws UsageError when it is of another training. */
  resume(): Promise<number>
  /** Write it anew, whole or not at all. */
  save(): Promise<void>
  close(): Promise<void>
}

/** Opens a model to be trained whole. */
export type OpenStageEngine = (given: StageEngineSettings) => Promise<StageEngine>

export interface StageEngineSettings {
  /** Checkpoint to begin with. */
  readonly from: string
  /** Folder of the checkpoint of the stage. */
  readonly checkpoint: string
  readonly weightDecay: number
}
