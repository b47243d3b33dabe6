import { parseReward } from '../config/reward-config.js'
import type { RewardConfig, RewardInput } from '../config/reward-schema.js'
import { UsageError } from '../core/errors.js'
import type { ToolAnalyzer } from '../core/tool-analysis.js'
import type { AnalysisSource } from '../reward/analysis-source.js'
import type { ScoredGroup } from '../reward/group.js'
import { observedSource } from '../reward/observed-source.js'
import { readRewardGroups } from '../reward/read-reward-groups.js'
import { scoreGroup } from '../reward/score-group.js'
import { staticSource } from '../reward/static-source.js'
import { groupTrajectories, type TrajectoryGroup } from './group-trajectories.js'
import type { Scoring } from './scoring/score-answer.js'

export interface ScoreTrajectoriesParameters {
  groups: readonly TrajectoryGroup[]
  /** Variant, weights, switches; what is not said has its default (docs/rewards.md). */
  reward: RewardInput
  /** Reads what calls do from their text, where `reward.analysis` is `static`: a sandbox is one. */
  analyzer?: ToolAnalyzer
  /** How answers are checked where `correct` is not given; default: the released recipe's rules, no judge. */
  scoring?: Scoring
  signal?: AbortSignal
}

/**
 * Rewards of rollouts, every component with its reasons; nothing is run again. Groups and rollouts come back in their order.
 * @throws UsageError (RewardInputError) for groups or parameters that cannot be scored, with the path of each wrong field.
 */
export async function scoreTrajectories({
  groups,
  reward,
  analyzer,
  scoring = { profile: 'codevision', judge: null },
  signal,
}: ScoreTrajectoriesParameters): Promise<ScoredGroup[]> {
  const parameters = parseReward(reward)
  const source = analysisSourceOf({ analysis: parameters.analysis, analyzer, signal })
  const judged = await groupTrajectories({ groups, source, scoring, ...(signal && { signal }) })
  return readRewardGroups(judged.map(({ group }) => group)).map((group) => scoreGroup({ group, parameters }))
}

/** The source that a configuration asks for. @throws UsageError where it needs an analyzer and there is none. */
export function analysisSourceOf({
  analysis,
  analyzer,
  signal,
}: {
  analysis: RewardConfig['analysis']
  analyzer: ToolAnalyzer | undefined
  signal?: AbortSignal | undefined
}): AnalysisSource {
  if (analysis === 'observed') return observedSource
  if (analyzer !== undefined) return staticSource({ analyzer, ...(signal && { signal }) })
  throw new UsageError(
    'Analysis static reads the text of calls in a sandbox: expected an `analyzer` (createSandbox gives one), got none. Analysis observed needs none.',
  )
}
