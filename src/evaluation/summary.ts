import { INFRASTRUCTURE_OUTCOMES, type Ending, type Outcome } from '../core/sample.js'
import { TRANSFORMS, type Transform } from '../core/transform.js'
import type { SampleDigest } from './digest.js'
import { wilson, type Interval } from './statistics/wilson.js'

/** What a summary says about the run besides its numbers. */
export interface SummaryHead {
  suite: string
  policy: { name: string; model: string }
  /** Scoring profile; numbers of different profiles do not belong in one column. */
  scoring: string
  /** Model of the judge, or `none`. */
  judge: string
  /** How its replies were read; null where there is none, or only one way. */
  judgeReading: string | null
  epochs: number
  /** Samples that the run consists of: rows × epochs. */
  planned: number
}

/** Rates over samples; infrastructure failures are in none of them but in `excluded` and `outcomes`. */
export interface Rates {
  /** Samples that were scored. */
  n: number
  correct: number
  /** Null where nothing was scored. */
  accuracy: number | null
  /** Wilson, 95 %. Epochs of one task are not independent: the interval counts tasks, which is on the safe side. */
  interval: Interval | null
  excluded: number
  /** Of those, samples whose images cannot be decoded: no outcome counts them, and no resumption will change that. */
  unusable: number
  outcomes: Record<Outcome, number>
  meanTurns: number | null
  toolCalls: number
  meanToolCalls: number | null
  toolErrors: number
  /** Failed calls by calls. */
  toolErrorRate: number | null
  /** Tool calls of the model that could not be read. */
  malformedCalls: number
  /** Samples in which a call failed. */
  withErrors: number
  /** Of those, samples in which a later call succeeded and the answer is right. */
  recoveries: number
}

/** summary.json: a pure function of the samples, without times, dates, costs and attempts. */
export interface Summary extends SummaryHead {
  schemaVersion: 1
  /** Every planned sample was scored, those that cannot be set aside. */
  isComplete: boolean
  overall: Rates
  /** Every transformation that occurs, in the order of the paper. */
  byTransform: Partial<Record<Transform, Rates>>
}

/** Summarize samples; their order does not matter. */
export function summarize({
  head,
  digests,
}: {
  head: SummaryHead
  digests: readonly SampleDigest[]
}): Summary {
  const overall = ratesOf(digests)
  const occurring = TRANSFORMS.filter((transform) => digests.some((digest) => digest.transform === transform))
  return {
    schemaVersion: 1,
    ...head,
    isComplete: overall.n > 0 && overall.n + overall.unusable === head.planned,
    overall,
    byTransform: Object.fromEntries(
      occurring.map((name) => [name, ratesOf(digests.filter(({ transform }) => transform === name))]),
    ),
  }
}

function ratesOf(digests: readonly SampleDigest[]): Rates {
  const scored = digests.filter(({ outcome }) => isScored(outcome))
  const rollouts = scored.flatMap(({ rollout, outcome }) => (rollout ? [{ ...rollout, outcome }] : []))
  const n = scored.length
  const correct = scored.filter(({ outcome }) => outcome === 'correct').length
  const tasks = new Set(scored.map(({ taskKey }) => taskKey)).size
  const sum = (count: (rollout: (typeof rollouts)[number]) => number): number =>
    rollouts.reduce((total, rollout) => total + count(rollout), 0)
  const toolCalls = sum(({ calls }) => calls)
  const toolErrors = sum(({ failedCalls }) => failedCalls)
  return {
    n,
    correct,
    accuracy: ratio(correct, n),
    interval: n === 0 ? null : wilson({ successes: (correct / n) * tasks, n: tasks }),
    excluded: digests.length - n,
    unusable: digests.filter(({ outcome }) => outcome === 'unusable').length,
    outcomes: countOutcomes(digests),
    meanTurns: ratio(
      sum(({ turns }) => turns),
      rollouts.length,
    ),
    toolCalls,
    meanToolCalls: ratio(toolCalls, rollouts.length),
    toolErrors,
    toolErrorRate: ratio(toolErrors, toolCalls),
    malformedCalls: sum(({ malformedCalls }) => malformedCalls),
    withErrors: sum(({ failedCalls }) => Number(failedCalls > 0)),
    recoveries: sum(({ recovered, outcome }) => Number(recovered && outcome === 'correct')),
  }
}

function countOutcomes(digests: readonly SampleDigest[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = {
    correct: 0,
    wrong: 0,
    unparsed: 0,
    truncated: 0,
    'turn-limit': 0,
    'model-error': 0,
    'sandbox-error': 0,
    'judge-error': 0,
  }
  for (const { outcome } of digests) if (outcome !== 'unusable') counts[outcome]++
  return counts
}

function isScored(ending: Ending): boolean {
  return ending !== 'unusable' && !INFRASTRUCTURE_OUTCOMES.has(ending)
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
