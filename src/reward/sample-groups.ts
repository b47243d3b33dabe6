import { UsageError } from '../core/errors.js'
import { textOf } from '../core/message.js'
import { INFRASTRUCTURE_OUTCOMES, type Outcome, type Sample } from '../core/sample.js'
import type { Trajectory } from '../core/trajectory.js'
import { formatReward } from './format-reward.js'
import type { CallAnalysis, RewardGroup, RewardRollout } from './group.js'

/** Tells what the calls of a trajectory did. */
export interface AnalysisSource {
  /** `static`: boxes are in the frame of the call's input image. `observed`: in that of the task's first image, and only of operations that were confirmed. */
  readonly kind: 'static' | 'observed'
  /** One analysis for each call, in their order. */
  analyse(trajectory: Trajectory): Promise<readonly CallAnalysis[]>
}

/** A run's rollouts, by task. */
export interface SampleGroups {
  groups: RewardGroup[]
  /** Samples without a reward because the machine failed, by outcome. They are in no group: not as wrong ones either. */
  excluded: Partial<Record<Outcome, number>>
}

/**
 * Groups of a finished run: the epochs of a task are its rollouts. Groups come in the order of their first sample, rollouts in the order of the samples; each sample may
 * come once (as `samples()` of a run gives them).
 *
 * The text whose form is rewarded is what the assistant wrote, turn after turn; what tools printed is not part of it.
 * @throws UsageError if a finished sample has no trajectory, or samples of one task disagree about it.
 */
export async function groupSamples({
  samples,
  source,
}: {
  samples: AsyncIterable<Sample> | Iterable<Sample>
  source: AnalysisSource
}): Promise<SampleGroups> {
  const groups = new Map<string, RewardGroup & { rollouts: RewardRollout[] }>()
  const excluded: SampleGroups['excluded'] = {}
  for await (const sample of samples) {
    if (INFRASTRUCTURE_OUTCOMES.has(sample.outcome)) {
      excluded[sample.outcome] = (excluded[sample.outcome] ?? 0) + 1
      continue
    }
    const { requiredTools, box } = sample
    const key = taskKeyOf(sample)
    const group = groups.get(key) ?? { key, requiredTools, box, rollouts: [] }
    if (JSON.stringify([group.requiredTools, group.box]) !== JSON.stringify([requiredTools, box])) {
      throw new UsageError(
        `Sample ${sample.key}: expected the required tools and the box of the other samples of its task, got others; these are samples of different runs.`,
      )
    }
    group.rollouts.push(await rolloutOf({ sample, source }))
    groups.set(key, group)
  }
  return { groups: [...groups.values()], excluded }
}

async function rolloutOf({
  sample: { key, outcome, trajectory },
  source,
}: {
  sample: Sample
  source: AnalysisSource
}): Promise<RewardRollout> {
  if (trajectory === null) {
    throw new UsageError(
      `Sample ${key} (${outcome}): expected a trajectory, got none; its run folder is damaged.`,
    )
  }
  const analyses = await source.analyse(trajectory)
  if (analyses.length !== trajectory.calls.length) {
    throw new UsageError(
      `Sample ${key}: expected ${trajectory.calls.length} analyses, one for each call, got ${analyses.length} (${source.kind}).`,
    )
  }
  return {
    key,
    correct: outcome === 'correct',
    formatOk: formatReward(assistantText(trajectory)) === 1,
    calls: analyses.map(({ transforms, cropBoxes }, index) => ({
      ok: trajectory.calls[index]?.execution.status === 'ok',
      transforms,
      // Arithmetic in a model's code can end in NaN or infinity; such a crop shows nothing.
      cropBoxes: cropBoxes.filter((box) => box.length === 4 && box.every(Number.isFinite)),
    })),
  }
}

function assistantText({ messages }: Trajectory): string {
  return messages.flatMap((message) => (message.role === 'assistant' ? [textOf(message)] : [])).join('\n')
}

/** `<task key>#<epoch>`. */
function taskKeyOf({ key, epoch }: Sample): string {
  const suffix = `#${epoch}`
  return key.endsWith(suffix) ? key.slice(0, -suffix.length) : key
}
