import type { RewardRollout } from '../group.js'
import { usesOptional } from './components.js'

/** How often rollouts succeeded with and without optional tools. */
export interface OptionalToolStatistics {
  withTool: number
  correctWithTool: number
  withoutTool: number
  correctWithoutTool: number
  /** Mean success with minus mean success without, at least 0; 0 where one side is empty, or more than one succeeded without. */
  necessity: number
}

/** Successes without a tool up to which tools may count as necessary. */
const FEW = 1

/** Source: paper, section 4.1, suggested tools. */
export function optionalToolStatistics({
  rollouts,
  required,
}: {
  rollouts: readonly Pick<RewardRollout, 'correct' | 'calls'>[]
  required: readonly string[]
}): OptionalToolStatistics {
  const counts = { withTool: 0, correctWithTool: 0, withoutTool: 0, correctWithoutTool: 0 }
  for (const { correct, calls } of rollouts) {
    const side = usesOptional({ calls, required }) ? 'Tool' : 'outTool'
    counts[`with${side}`]++
    if (correct) counts[`correctWith${side}`]++
  }
  const { withTool, correctWithTool, withoutTool, correctWithoutTool } = counts
  const isComparable = withTool > 0 && withoutTool > 0 && correctWithoutTool <= FEW
  const gain = isComparable ? correctWithTool / withTool - correctWithoutTool / withoutTool : 0
  return { ...counts, necessity: Math.max(0, gain) }
}
