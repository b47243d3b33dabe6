import { UsageError } from '../core/errors.js'
import type { Outcome } from '../core/sample.js'
import type { StopReason } from '../core/trajectory.js'
import type { AnalysisSource } from '../reward/analysis-source.js'
import type { RewardGroup } from '../reward/group.js'
import { rewardRollout, type RewardedTrajectory } from '../reward/reward-rollout.js'
import type { Asked } from './scoring/asked.js'
import { scoreAnswer, type Scoring } from './scoring/score-answer.js'

/** One rollout of a task. */
export interface TrajectoryRollout {
  key: string
  trajectory: RewardedTrajectory & { readonly stop: StopReason }
  /** Where it is not known, the final answer is checked against the group's answers. */
  correct?: boolean | undefined
}

/** The rollouts of one task. */
export interface TrajectoryGroup extends Pick<Asked, 'scorer' | 'options' | 'category' | 'metadata'> {
  key: string
  /** Tools that undo the transformation in order, `crop` last; null where the task does not say. */
  requiredTools: readonly string[] | null
  /** Region that holds the evidence, in pixels of the task's first image; null where the task does not say. */
  box: readonly number[] | null
  question?: string | undefined
  /** Accepted answers. */
  answers?: readonly string[] | undefined
  rollouts: readonly TrajectoryRollout[]
}

/** How an answer was found right or wrong; `told`: the caller said so. */
export type AnswerOutcome = Outcome | 'told'

/** A group that can be scored, and how each of its answers was found. */
export interface JudgedGroup {
  group: RewardGroup
  outcomes: AnswerOutcome[]
}

/**
 * What the reward functions read of trajectories. A trajectory without an answer is a wrong one.
 * @throws UsageError where it can be told in no way whether a rollout is correct; JudgeError when the judge fails.
 */
export async function groupTrajectories({
  groups,
  source,
  scoring,
  signal = new AbortController().signal,
}: {
  groups: readonly TrajectoryGroup[]
  source: AnalysisSource
  scoring: Scoring
  signal?: AbortSignal
}): Promise<JudgedGroup[]> {
  const analyses = await source.analyse(
    groups.flatMap(({ rollouts }) => rollouts.map(({ trajectory }) => trajectory)),
  )
  let at = 0
  const judged: JudgedGroup[] = []
  for (const group of groups) {
    const { key, requiredTools, box, rollouts } = group
    const outcomes: AnswerOutcome[] = []
    const read = []
    for (const rollout of rollouts) {
      const { outcome, correct } = await verdict({ group, rollout, scoring, signal })
      outcomes.push(outcome)
      const { key: rolloutKey, trajectory } = rollout
      read.push(rewardRollout({ key: rolloutKey, correct, trajectory, analyses: analyses[at++] ?? [] }))
    }
    judged.push({ group: { key, requiredTools, box, rollouts: read }, outcomes })
  }
  return judged
}

async function verdict({
  group,
  rollout: { key: rolloutKey, trajectory, correct },
  scoring,
  signal,
}: {
  group: TrajectoryGroup
  rollout: TrajectoryRollout
  scoring: Scoring
  signal: AbortSignal
}): Promise<{ outcome: AnswerOutcome; correct: boolean }> {
  const { key, question = '', answers, scorer, options, category, metadata } = group
  if (correct !== undefined) return { outcome: 'told', correct }
  if (answers === undefined)
    throw new UsageError(
      `Rollout ${rolloutKey} of group ${key}: expected \`correct\`, or \`answers\` to check its answer against; got neither.`,
    )
  const { outcome } = await scoreAnswer({
    trajectory,
    asked: { question, answers, scorer, options, category, metadata },
    scoring,
    signal,
  })
  return { outcome, correct: outcome === 'correct' }
}
