import { UsageError } from '../core/errors.js'
import { endingOf, INFRASTRUCTURE_OUTCOMES, type Ending, type Sample } from '../core/sample.js'
import type { ToolAnalysis } from '../core/tool-analysis.js'
import type { Trajectory } from '../core/trajectory.js'
import type { AnalysisSource } from './analysis-source.js'
import type { RewardGroup, RewardRollout } from './group.js'
import { rewardRollout } from './reward-rollout.js'

/** A run's rollouts, by task. */
export interface SampleGroups {
  groups: RewardGroup[]
  /** Samples without a reward because the machine failed, or because their images cannot be used. They are in no group: not as wrong ones either. */
  excluded: Partial<Record<Ending, number>>
}

/** A sample that ended, so that it has a trajectory. */
export type FinishedSample = Sample & { trajectory: Trajectory }

/** Samples whose calls are analysed at once. */
const BATCH = 256

/**
 * Groups of a finished run: the epochs of a task are its rollouts. Groups come in the order of their first sample, rollouts in the order of the samples; each sample may
 * come once (as `samples()` of a run gives them).
 * @param parameters.onSample is told of each sample that has a reward.
 * @throws UsageError if a finished sample has no trajectory, or samples of one task disagree about it.
 */
export async function groupSamples({
  samples,
  source,
  onSample = () => undefined,
}: {
  samples: AsyncIterable<Sample> | Iterable<Sample>
  source: AnalysisSource
  onSample?: (sample: FinishedSample) => void
}): Promise<SampleGroups> {
  const groups = new Map<string, RewardGroup & { rollouts: RewardRollout[] }>()
  const excluded: SampleGroups['excluded'] = {}
  let batch: FinishedSample[] = []
  const analyseBatch = async (): Promise<void> => {
    const analyses = await source.analyse(batch.map(({ trajectory }) => trajectory))
    batch.forEach((sample, index) => addRollout({ groups, sample, analyses: analyses[index] ?? [] }))
    batch = []
  }
  for await (const sample of samples) {
    if (INFRASTRUCTURE_OUTCOMES.has(sample.outcome)) {
      const ending = endingOf(sample)
      excluded[ending] = (excluded[ending] ?? 0) + 1
      continue
    }
    const finished = withTrajectory(sample)
    onSample(finished)
    if (batch.push(finished) >= BATCH) await analyseBatch()
  }
  await analyseBatch()
  return { groups: [...groups.values()], excluded }
}

function addRollout({
  groups,
  sample,
  analyses,
}: {
  groups: Map<string, RewardGroup & { rollouts: RewardRollout[] }>
  sample: FinishedSample
  analyses: readonly ToolAnalysis[]
}): void {
  const { requiredTools, box, outcome, trajectory } = sample
  const key = taskKeyOf(sample)
  const group = groups.get(key) ?? { key, requiredTools, box, rollouts: [] }
  if (JSON.stringify([group.requiredTools, group.box]) !== JSON.stringify([requiredTools, box])) {
    throw new UsageError(
      `Sample ${sample.key}: expected the required tools and the box of the other samples of its task, got others; these are samples of different runs.`,
    )
  }
  group.rollouts.push(
    rewardRollout({ key: sample.key, correct: outcome === 'correct', trajectory, analyses }),
  )
  groups.set(key, group)
}

function withTrajectory(sample: Sample): FinishedSample {
  const { key, outcome, trajectory } = sample
  if (trajectory !== null) return { ...sample, trajectory }
  throw new UsageError(
    `Sample ${key} (${outcome}): expected a trajectory, got none; its run folder is damaged.`,
  )
}

/** `<task key>#<epoch>`. */
function taskKeyOf({ key, epoch }: Sample): string {
  const suffix = `#${epoch}`
  return key.endsWith(suffix) ? key.slice(0, -suffix.length) : key
}
