import { z } from 'zod'
import PQueue from 'p-queue'
import { JudgeCapError, StoreError, UsageError } from '../core/errors.js'
import type { Outcome, Sample, Score } from '../core/sample.js'
import type { Scorer } from '../core/scorer.js'
import type { ScoringProfile } from '../core/scoring-profile.js'
import { openRun } from '../store/open-run.js'
import type { Run, RunReader } from '../store/run.js'
import { digestOf, type SampleDigest } from './summary/digest.js'
import { usedSince } from './run/usage-ledger.js'
import { judgeUsageOf, type JudgeUsage } from './run/model-usage.js'
import { failureOutcome, repeated, RETRIES, type Retries } from './run/run-sample.js'
import { withNeededJudge } from './scoring/check-scoring.js'
import { whyNotScorable } from './scoring/scorable.js'
import { scoreAnswer, type Scoring } from './scoring/score-answer.js'
import { summarize, type Summary, type SummaryHead } from './summary/summary.js'

/** A line of scores.<profile>.jsonl. */
export interface Rescored {
  key: string
  outcome: Outcome
  /** Null where the rollout did not end, or the judge failed. */
  score: Score | null
}

export interface RescoreResult {
  summary: Summary
  /** What the judge was used for here; null where there is none, or it counts nothing. */
  judgeUsage: JudgeUsage | null
  /** The judge's cap that ended it early; null: none did. */
  stoppedBy: string | null
  /** Something to tell beside the numbers: a judge was named in vain; null: nothing. */
  notice: string | null
}

/**
 * Score a run's recorded answers anew, without generating anything: writes scores.<profile>.jsonl, summary.<profile>.json and, where a judge
 * counts what it is used for, timings.<profile>.json beside the run's own. When the judge's cap is reached, what is decided by then is written.
 * @throws UsageError when there is no run, the profile does not fit its suite, or its samples lack what the profile reads; StoreError when it is being written or damaged; JudgeError when the judge does not answer before the start.
 */
export async function rescore({
  path,
  scoring: wanted,
  concurrency = 4,
  retries = RETRIES,
  signal = new AbortController().signal,
}: {
  path: string
  scoring: Scoring
  concurrency?: number
  retries?: Retries
  signal?: AbortSignal
}): Promise<RescoreResult> {
  const run = await openRun({ path, mode: 'append' })
  try {
    const scorers = await expectScorableRun({ run, profile: wanted.profile })
    const { scoring, notice } = withNeededJudge({ scoring: wanted, scorers })
    const { judge } = scoring
    const before = judge?.account && { ...judge.account.tally }
    await judge?.check(signal)
    const head = {
      ...headOf(run),
      scoring: scoring.profile,
      judge: judge?.model ?? 'none',
      judgeReading: judge?.reading ?? null,
    }
    let cap: JudgeCapError | null = null
    const onFailure = (cause: Error): void => {
      if (cause instanceof JudgeCapError) cap ??= cause
    }
    const digests: SampleDigest[] = []
    const scores: Rescored[] = []
    const failures: unknown[] = []
    const queue = new PQueue({ concurrency })
    for await (const sample of run.samples()) {
      if (failures.length > 0 || cap !== null) break
      await queue.onSizeLessThan(1)
      void queue
        .add(() => rescoreSample({ sample, scoring, retries, signal, onFailure }))
        .then((result) => {
          scores.push(result)
          digests.push(digestOf(rescored({ sample, result })))
        })
        .catch((cause: unknown) => failures.push(cause))
    }
    await queue.onIdle()
    if (failures.length > 0) throw failures[0]
    const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1)
    const summary = summarize({ head, digests: digests.sort(byKey) })
    await run.writeLines(`scores.${scoring.profile}.jsonl`, scores.sort(byKey))
    await run.writeJson(`summary.${scoring.profile}.json`, summary)
    const tally = before && judge?.account && usedSince({ now: judge.account.tally, before })
    const judgeUsage = judgeUsageOf({ judge, tally })
    if (judgeUsage !== null) await run.writeJson(`timings.${scoring.profile}.json`, { judge: judgeUsage })
    return { summary, judgeUsage, stoppedBy: (cap as JudgeCapError | null)?.message ?? null, notice }
  } finally {
    await run.close()
  }
}

/** The scorers that occur. @throws UsageError naming the run and the first sample that the profile cannot score. */
async function expectScorableRun({
  run,
  profile,
}: {
  run: Run
  profile: ScoringProfile
}): Promise<Set<Scorer>> {
  const scorers = new Set<Scorer>()
  for await (const sample of run.samples()) {
    const { scorer = 'none' } = sample
    scorers.add(scorer)
    const why = whyNotScorable({ profile, asked: sample })
    if (why === null) continue
    const older =
      scorer === 'none' && profile !== 'codevision' && profile !== 'strict'
        ? ' Its samples name no scorer: the suite defines none, or the run is of an older version, which kept neither scorer nor metadata; evaluate the suite again to score it so.'
        : ''
    throw new UsageError(`${run.path}, sample ${sample.key} (suite ${sample.suite}): ${why}${older}`)
  }
  return scorers
}

/** The sample as this scoring has it, and no other. */
function rescored({ sample, result: { outcome, score } }: { sample: Sample; result: Rescored }): Sample {
  return { ...sample, outcome, scores: score === null ? {} : { [score.profile]: score } }
}

async function rescoreSample({
  sample,
  scoring,
  retries,
  signal,
  onFailure,
}: {
  sample: Sample
  scoring: Scoring
  retries: Retries
  signal: AbortSignal
  onFailure: (cause: Error) => void
}): Promise<Rescored> {
  const { key, trajectory } = sample
  if (trajectory === null) return { key, outcome: sample.outcome, score: null }
  try {
    const attempt = () => scoreAnswer({ trajectory, asked: sample, scoring, signal })
    const { outcome, score } = await repeated({ retries, signal, attempt })
    return { key, outcome, score }
  } catch (cause) {
    signal.throwIfAborted()
    const outcome = failureOutcome(cause)
    if (outcome === null || !(cause instanceof Error)) throw cause
    onFailure(cause)
    return { key, outcome, score: null }
  }
}

const headSchema = z.object({
  suite: z.string(),
  policy: z.object({ name: z.string(), model: z.string() }),
  scoring: z.string(),
  judge: z.string(),
  epochs: z.number(),
  planned: z.number(),
})
const judgedSchema = z.object({ judge: z.object({ reading: z.string() }) })

/** What the manifest says about the run as a whole; scoring and judge are the run's own. */
export function headOf({ manifest, path }: Pick<RunReader, 'manifest' | 'path'>): SummaryHead {
  const { identity } = manifest
  const head = headSchema.safeParse(identity.head)
  const judged = judgedSchema.safeParse(identity.settings)
  if (head.success) {
    const { epochs, planned, ...rest } = head.data
    // In the order of a run's own head: a summary that is derived again is the same text.
    // One that was left out, since it would never be asked, read nothing.
    const judgeReading = rest.judge === 'none' ? null : (judged.data?.judge.reading ?? null)
    return { ...rest, judgeReading, epochs, planned }
  }
  throw new StoreError(
    `${path}: expected the run of an evaluation, got a manifest that says nothing of suite and policy`,
  )
}
