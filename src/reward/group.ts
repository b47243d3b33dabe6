import type { Reward } from '../core/reward.js'

/**
 * What one call did, in the vocabulary of tools. Boxes are [left, top, right, bottom] in pixels: read from the code (`static`), they belong to the image
 * that the call was given; from operations that were observed (`observed`), to the task's first image.
 */
export interface CallAnalysis {
  /** Names of tools in the order of their use; names outside the vocabulary are optional tools. */
  transforms: readonly string[]
  cropBoxes: readonly (readonly number[])[]
}

/** An executed call: a tool turn. */
export interface AnalysedCall extends CallAnalysis {
  /** Whether it left an image. */
  ok: boolean
}

/** One rollout of a group. */
export interface RewardRollout {
  key: string
  correct: boolean
  /** Whether the text has the required form (see `formatReward`). */
  formatOk: boolean
  calls: readonly AnalysedCall[]
}

/** The rollouts of one task. */
export interface RewardGroup {
  key: string
  /** Tools that undo the transformation in order, `crop` last; null where the task does not say, which counts as none. */
  requiredTools: readonly string[] | null
  /** Region that holds the evidence, in pixels of the task's first image; left < right, top < bottom. */
  box: readonly number[] | null
  rollouts: readonly RewardRollout[]
}

/** A group's rewards, in the order of its rollouts. */
export interface ScoredGroup {
  key: string
  rollouts: { key: string; reward: Reward }[]
  /** What was counted over the whole group. */
  statistics: Record<string, number>
}
