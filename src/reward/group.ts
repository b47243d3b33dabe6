import type { Reward } from '../core/reward.js'
import type { ToolAnalysis } from '../core/tool-analysis.js'

/** An executed call: a tool turn. */
export interface AnalysedCall extends ToolAnalysis {
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
