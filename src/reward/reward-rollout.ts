import { UsageError } from '../core/errors.js'
import { textOf, type Message } from '../core/message.js'
import type { ToolAnalysis } from '../core/tool-analysis.js'
import type { AnalysedTrajectory } from './analysis-source.js'
import { formatReward } from './format-reward.js'
import type { RewardRollout } from './group.js'

/** What a reward reads of a trajectory; a whole `Trajectory` is one. */
export interface RewardedTrajectory extends AnalysedTrajectory {
  readonly messages: readonly Message<unknown>[]
}

/**
 * A rollout of a group, of a trajectory and what its calls did. The text whose form is rewarded is what the assistant wrote, turn after turn; what tools printed is
 * not part of it.
 * @throws UsageError where there is not one analysis for each call.
 */
export function rewardRollout({
  key,
  correct,
  trajectory: { messages, calls },
  analyses,
}: {
  key: string
  correct: boolean
  trajectory: RewardedTrajectory
  analyses: readonly ToolAnalysis[]
}): RewardRollout {
  if (analyses.length !== calls.length) {
    throw new UsageError(
      `${key}: expected ${calls.length} analyses, one for each call, got ${analyses.length}.`,
    )
  }
  return {
    key,
    correct,
    formatOk: formatReward(assistantText(messages)) === 1,
    calls: analyses.map(({ transforms, cropBoxes }, index) => ({
      ok: calls[index]?.execution.status === 'ok',
      transforms,
      cropBoxes: finiteBoxes(cropBoxes),
    })),
  }
}

/** Arithmetic in a model's code can end in NaN or infinity; such a crop shows nothing. */
export function finiteBoxes(boxes: ToolAnalysis['cropBoxes']): ToolAnalysis['cropBoxes'] {
  return boxes.filter((box) => box.length === 4 && box.every(Number.isFinite))
}

function assistantText(messages: readonly Message<unknown>[]): string {
  return messages.flatMap((message) => (message.role === 'assistant' ? [textOf(message)] : [])).join('\n')
}
