import type { RewardConfig } from '../config/reward-schema.js'
import { scoreBeneficialGroup } from './beneficial/score-beneficial-group.js'
import type { RewardGroup, ScoredGroup } from './group.js'
import { scorePaperGroup } from './paper/score-paper-group.js'
import { scoreReleaseGroup } from './release/score-release-group.js'

/**
 * Rewards of one group. Pure: the same group and parameters give the same numbers, all of them finite. Both are taken as checked: see `rewardSchema` and
 * `readRewardGroups`.
 */
export function scoreGroup({
  group,
  parameters,
}: {
  group: RewardGroup
  parameters: RewardConfig
}): ScoredGroup {
  switch (parameters.variant) {
    case 'release':
      return scoreReleaseGroup({ group, parameters })
    case 'paper':
      return scorePaperGroup({ group, parameters })
    case 'beneficial':
      return scoreBeneficialGroup({ group, parameters })
  }
}
