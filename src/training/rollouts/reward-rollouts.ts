import type { RewardConfig } from '../../config/reward-schema.js'
import type { Reward } from '../../core/reward.js'
import type { AnalysisSource } from '../../reward/analysis-source.js'
import { scoreSamples } from '../../reward/score-samples.js'
import type { CollectedRollout } from './collect-rollouts.js'

/** A rollout with its reward; null where the machine failed, which is no reward of 0. */
export interface RewardedRollout extends CollectedRollout {
  readonly reward: Reward | null
}

/** Rewards of a step's rollouts, those of a task as one group. */
export async function rewardRollouts({
  rollouts,
  source,
  parameters,
}: {
  rollouts: readonly CollectedRollout[]
  source: AnalysisSource
  parameters: RewardConfig
}): Promise<RewardedRollout[]> {
  const samples = rollouts.map(({ sample }) => sample)
  const { groups } = await scoreSamples({ samples, source, parameters })
  const rewards = new Map(
    groups.flatMap(({ rollouts: scored }) => scored.map(({ key, reward }) => [key, reward])),
  )
  return rollouts.map((rollout) => {
    const reward = rewards.get(rollout.sample.key) ?? null
    return { ...rollout, sample: { ...rollout.sample, reward }, reward }
  })
}
