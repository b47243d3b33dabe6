import type { RewardConfig } from '../config/reward-schema.js'
import { UsageError } from '../core/errors.js'
import type { Sample } from '../core/sample.js'
import type { AnalysisSource } from './analysis-source.js'
import type { ScoredGroup } from './group.js'
import { groupSamples, type FinishedSample, type SampleGroups } from './sample-groups.js'
import { scoreGroup } from './score-group.js'

/**
 * Rewards of a finished run's samples, nothing run again. Samples that failed for the machine's sake, or whose images cannot be used, have none, and are counted in `excluded`.
 * @throws UsageError if the analysis is of another kind than the parameters ask for; see also {@link groupSamples}.
 */
export async function scoreSamples({
  samples,
  source,
  parameters,
  onSample,
}: {
  samples: AsyncIterable<Sample> | Iterable<Sample>
  source: AnalysisSource
  parameters: RewardConfig
  /** Told of each sample that has a reward. */
  onSample?: (sample: FinishedSample) => void
}): Promise<{ groups: ScoredGroup[]; excluded: SampleGroups['excluded'] }> {
  if (source.kind !== parameters.analysis) {
    throw new UsageError(
      `reward.analysis is ${parameters.analysis}: expected such a source of analyses, got one that is ${source.kind}.`,
    )
  }
  const { groups, excluded } = await groupSamples({ samples, source, ...(onSample && { onSample }) })
  return { groups: groups.map((group) => scoreGroup({ group, parameters })), excluded }
}
