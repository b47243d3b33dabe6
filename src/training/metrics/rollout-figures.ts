import type { RewardedRollout } from '../rollouts/reward-rollouts.js'
import type { LearnableBatch } from '../rollouts/learn-from.js'
import { tokenCounts } from '../rollouts/sampled-tokens.js'
import { mean } from '../../core/mean.js'
import type { Figures } from './step-metrics.js'

/** What a step's rollouts were: rewards by part, turns, calls, lengths, endings, difficulty. Means are over rollouts that ended. */
export function rolloutFigures({
  rollouts,
  batch,
}: {
  rollouts: readonly RewardedRollout[]
  batch: LearnableBatch
}): Figures {
  const ended = rollouts.flatMap(({ sample, reward, training }) =>
    sample.trajectory === null || reward === null
      ? []
      : [{ reward, outcome: sample.outcome, trajectory: sample.trajectory, training }],
  )
  const meanOf = (read: (rollout: (typeof ended)[number]) => number): number => mean(ended.map(read))
  const calls = ended.flatMap(({ trajectory }) => trajectory.calls)
  const counts = ended.flatMap(({ training }) => (training === null ? [] : [tokenCounts(training.ledger)]))
  const asked = calls.length + ended.reduce((sum, { trajectory }) => sum + trajectory.malformedCalls, 0)
  const failed = asked - calls.filter(({ execution }) => execution.status === 'ok').length
  const parts = new Set(ended.flatMap(({ reward }) => Object.keys(reward.parts)))
  const stragglers = rollouts.filter(({ isStraggler }) => isStraggler).length
  const { groups, difficulties } = batch
  const totals = ended.map(({ reward }) => reward.total)
  return {
    'reward/total': mean(totals),
    'reward/deviation': Math.sqrt(mean(totals.map((total) => (total - mean(totals)) ** 2))),
    ...Object.fromEntries(
      [...parts].map((name) => [`reward/${name}`, meanOf(({ reward }) => reward.parts[name] ?? 0)]),
    ),
    accuracy: meanOf(({ outcome }) => (outcome === 'correct' ? 1 : 0)),
    turns: meanOf(({ trajectory }) => trajectory.turns),
    toolCalls: meanOf(({ trajectory }) => trajectory.calls.length),
    toolErrorRate: asked === 0 ? Number.NaN : failed / asked,
    truncated: meanOf(({ outcome }) => (outcome === 'truncated' ? 1 : 0)),
    turnLimit: meanOf(({ outcome }) => (outcome === 'turn-limit' ? 1 : 0)),
    'tokens/sampled': mean(counts.map(({ sampled }) => sampled)),
    'tokens/longestSampled': Math.max(...counts.map(({ sampled }) => sampled)),
    'tokens/conversation': mean(counts.map(({ all }) => all)),
    'rollouts/ended': ended.length,
    'rollouts/failed': rollouts.length - ended.length - stragglers,
    'rollouts/stragglers': stragglers,
    'rollouts/learned': batch.rollouts.length,
    'groups/usable': groups.usable,
    'groups/degenerate': groups.degenerate,
    'groups/allRight': groups.allRight,
    'groups/allWrong': groups.allWrong,
    'groups/filtered': groups.filtered,
    'groups/lone': groups.lone,
    'groups/empty': groups.empty,
    difficulty: mean(difficulties),
  }
}
