import type { RewardConfig } from '../../config/reward-schema.js'
import type { Reward } from '../../core/reward.js'
import type { Ending, Outcome } from '../../core/sample.js'
import type { ScoredGroup } from '../../reward/group.js'
import type { SummaryHead } from '../summary/summary.js'

/** A line of rewards/<name>.jsonl. */
export interface RewardLine extends Reward {
  /** Key of the sample. */
  key: string
  /** Key of its group: the task. */
  group: string
  outcome: Outcome
}

/** Means over some rollouts. */
export interface ComponentMeans {
  n: number
  /** `total` first, then every component; of those that not every rollout has, the mean over those that have it. */
  means: Record<string, number>
}

/** rewards/<name>.json: a pure function of the run's samples and the reward's configuration. */
export interface RewardSummary {
  schemaVersion: 1
  head: SummaryHead
  reward: RewardConfig
  /** Every planned sample has a reward, those whose images cannot be used set aside. */
  isComplete: boolean
  groups: {
    n: number
    /** All rollouts have the same total, so that nothing can be learnt from the group; those of one rollout included. */
    degenerate: number
    /** Groups of one rollout. */
    single: number
  }
  /** Samples without a reward because the machine failed, or because their images cannot be used (`unusable`); in no group and no mean. */
  excluded: Partial<Record<Ending, number>>
  /** Calls whose text could not be read, by problem (analysis `static`); they count as doing nothing. */
  unreadTexts: Record<string, number>
  overall: ComponentMeans
  byOutcome: Partial<Record<Outcome, ComponentMeans>>
}

/** Means of every component, over all rollouts and by outcome. */
export function summarizeRewards({
  lines,
  groups,
  ...rest
}: Pick<RewardSummary, 'head' | 'reward' | 'excluded' | 'unreadTexts'> & {
  lines: readonly RewardLine[]
  groups: readonly ScoredGroup[]
}): RewardSummary {
  const outcomes = [...new Set(lines.map(({ outcome }) => outcome))].sort()
  return {
    schemaVersion: 1,
    ...rest,
    isComplete: lines.length > 0 && lines.length + (rest.excluded.unusable ?? 0) === rest.head.planned,
    groups: {
      n: groups.length,
      degenerate: groups.filter(isDegenerate).length,
      single: groups.filter(({ rollouts }) => rollouts.length === 1).length,
    },
    overall: meansOf(lines),
    byOutcome: Object.fromEntries(
      outcomes.map((outcome) => [outcome, meansOf(lines.filter((line) => line.outcome === outcome))]),
    ),
  }
}

function isDegenerate({ rollouts }: ScoredGroup): boolean {
  return rollouts.every(({ reward }) => reward.total === rollouts[0]?.reward.total)
}

function meansOf(lines: readonly RewardLine[]): ComponentMeans {
  const sums = new Map<string, { sum: number; n: number }>()
  for (const { total, parts } of lines)
    for (const [name, value] of Object.entries({ total, ...parts })) {
      const { sum, n } = sums.get(name) ?? { sum: 0, n: 0 }
      sums.set(name, { sum: sum + value, n: n + 1 })
    }
  const means = [...sums].map(([name, { sum, n }]): [string, number] => [name, sum / n])
  return { n: lines.length, means: Object.fromEntries(means) }
}
