import type { TrainingRollout } from '../../core/trainable-policy.js'
import { groupAdvantages } from '../losses/group-advantages.js'
import { sampledLogprobs } from './sampled-tokens.js'
import type { RewardedRollout } from './reward-rollouts.js'

/** A rollout that is learned from. */
export interface LearnedRollout {
  /** Place of its prompt in the batch. */
  readonly prompt: number
  readonly training: TrainingRollout
  /** When its tokens were sampled. */
  readonly sampled: Float64Array
  /** Of each of its tokens. */
  readonly advantage: number
}

/** `none`: every group is learned from; `accuracy`: those that answer all right or all wrong are left out (paper, section 4). */
export const GROUP_FILTERS = ['none', 'accuracy'] as const

/** What came of a group: it is learned from, `equal`: without an advantage; left out by the filter; fewer than two of its rollouts ended. */
export type GroupFate = 'learned' | 'equal' | 'filtered' | 'lone'

export interface LearnableBatch {
  readonly rollouts: readonly LearnedRollout[]
  /** Of each prompt of the batch, by its place. */
  readonly fates: readonly GroupFate[]
  /** Groups by what came of them. */
  readonly groups: {
    /** With at least one rollout that ended. */
    readonly usable: number
    /** All rewards are equal, but for rounding: nothing tells one rollout from another. */
    readonly degenerate: number
    readonly allRight: number
    readonly allWrong: number
    /** Left out by the filter. */
    readonly filtered: number
    /** One rollout is left (the machine failed the others): nothing to compare it with. */
    readonly lone: number
    /** No rollout ended. */
    readonly empty: number
  }
  /** Share of wrong answers of each usable group. */
  readonly difficulties: readonly number[]
}

/** Rewards are sums of a few terms below 10: what differs by less was added up in another order. */
const ROUNDING = 1e-9

/**
 * What of a step's rollouts is learned from. Rollouts that the machine failed are in no group, neither for the mean nor for the loss; so are those without a sampled token.
 * @param parameters.rollouts prompt by prompt
 */
export function learnFrom({
  rollouts,
  filter,
  epsilon,
  isNormalised,
}: {
  rollouts: readonly RewardedRollout[]
  filter: (typeof GROUP_FILTERS)[number]
  epsilon?: number
  isNormalised: boolean
}): LearnableBatch {
  const groups = byTask(rollouts)
  const counts = { usable: 0, degenerate: 0, allRight: 0, allWrong: 0, filtered: 0, lone: 0, empty: 0 }
  const difficulties: number[] = []
  const learned: LearnedRollout[] = []
  const fates = [...groups.values()].map((group, prompt): GroupFate => {
    const ended = group.flatMap(({ training, reward, sample }) => {
      if (training === null || reward === null) return []
      const sampled = sampledLogprobs(training.ledger)
      return sampled.length === 0 ? [] : [{ training, sampled, total: reward.total, outcome: sample.outcome }]
    })
    if (ended.length === 0) {
      counts.empty++
      return 'lone'
    }
    const right = ended.filter(({ outcome }) => outcome === 'correct').length
    counts.usable++
    difficulties.push(1 - right / ended.length)
    const rewards = ended.map(({ total }) => total)
    const isDegenerate = Math.max(...rewards) - Math.min(...rewards) < ROUNDING
    if (isDegenerate) counts.degenerate++
    if (right === ended.length) counts.allRight++
    if (right === 0) counts.allWrong++
    if (ended.length === 1) {
      counts.lone++
      return 'lone'
    }
    if (filter === 'accuracy' && (right === 0 || right === ended.length)) {
      counts.filtered++
      return 'filtered'
    }
    const advantages = groupAdvantages({
      rewards: isDegenerate ? ended.map(() => 0) : rewards,
      groups: ended.map(() => prompt),
      isNormalised,
      ...(epsilon !== undefined && { epsilon }),
    })
    ended.forEach(({ training, sampled }, index) =>
      learned.push({ prompt, training, sampled, advantage: advantages[index] ?? Number.NaN }),
    )
    return isDegenerate ? 'equal' : 'learned'
  })
  return { rollouts: learned, fates, groups: counts, difficulties }
}

function byTask(rollouts: readonly RewardedRollout[]): Map<string, RewardedRollout[]> {
  const groups = new Map<string, RewardedRollout[]>()
  for (const rollout of rollouts) {
    const { key } = rollout.task
    groups.set(key, [...(groups.get(key) ?? []), rollout])
  }
  return groups
}
