import type { Curation } from './curation.js'
import type { Reward } from './reward.js'
import type { Scorer } from './scorer.js'
import type { Trajectory } from './trajectory.js'
import type { Transform } from './transform.js'

/**
 * How a sample ended. The last three are infrastructure failures: retried, then excluded from every rate and counted.
 */
export const OUTCOMES = [
  'correct',
  'wrong',
  'unparsed',
  'truncated',
  'turn-limit',
  'model-error',
  'sandbox-error',
  'judge-error',
] as const

export type Outcome = (typeof OUTCOMES)[number]

export const INFRASTRUCTURE_OUTCOMES: ReadonlySet<Outcome> = new Set([
  'model-error',
  'sandbox-error',
  'judge-error',
])

/** How the answer was judged. */
export interface Score {
  /** Scoring profile, such as `codevision` or `strict`. */
  profile: string
  /** What was taken as the answer; null where none was found. */
  answer: string | null
  /** Where a benchmark's own rules decide: whether the answer is what stands in `<answer>`, or the whole last turn without its reasoning. */
  taken?: 'answer' | 'turn'
  /** The option that was read from it; Z: it declines to name one. */
  letter?: string
  /** Of partial credit: exactly 1. */
  correct: boolean
  /** From 0 to 1 where the profile gives partial credit; absent: 1 or 0, as `correct` says. */
  value?: number
  /** The rule that decided. */
  rule: string
  /** What the judge was asked and said, where it was asked, and how its reply was read. */
  judge: { model: string; reading?: string; prompt: string; response: string } | null
}

/** One finished sample: one line of samples.jsonl. */
export interface Sample {
  /** Task key and epoch: `<task key>#<epoch>`. */
  key: string
  taskId: string
  epoch: number
  suite: string
  /** Kind of task as the data set names it, which selects the judge's wording; absent where it does not say. */
  taskType?: string
  transform: Transform
  question: string
  answers: readonly string[]
  /** Whose rules can score the answer; absent: `none`. */
  scorer?: Scorer
  /** As the task has them, for whoever scores or groups again; absent where it has none. */
  options?: readonly string[]
  category?: string
  cluster?: string
  /** Further columns of the row. */
  metadata?: Readonly<Record<string, unknown>>
  requiredTools: readonly string[] | null
  box: readonly number[] | null
  outcome: Outcome
  /** Null where the rollout did not end. */
  trajectory: Trajectory | null
  scores: Record<string, Score>
  reward: Reward | null
  /** What failed, for infrastructure outcomes. `fault: 'data'`: an image of the row cannot be decoded, which no attempt will change. */
  error: { name: string; message: string; fault?: 'data' } | null
  timings: { totalMs: number; modelMs: number; sandboxMs: number; judgeMs: number }
  /** Attempts that were needed, the successful one included. */
  attempts: number
  /** Of a set of trajectories to learn from: what was decided about this one; absent otherwise. */
  curation?: Curation
}

/** How a sample counts: as its outcome, or as `unusable`, where the row's own data made a rollout impossible. */
export type Ending = Outcome | 'unusable'

/** Unusable samples keep an infrastructure outcome, since they were never scored, but are counted on their own. */
export function endingOf({ outcome, error }: Pick<Sample, 'outcome' | 'error'>): Ending {
  return error?.fault === 'data' && INFRASTRUCTURE_OUTCOMES.has(outcome) ? 'unusable' : outcome
}

/** Whether nothing is left to be done for a sample: it was scored, or cannot be. */
export function isSettled(sample: Pick<Sample, 'outcome' | 'error'>): boolean {
  const ending = endingOf(sample)
  return ending === 'unusable' || !INFRASTRUCTURE_OUTCOMES.has(ending)
}

/** Key of a sample. */
export function sampleKey({ taskKey, epoch }: { taskKey: string; epoch: number }): string {
  return `${taskKey}#${epoch}`
}
