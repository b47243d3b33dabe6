import pRetry from 'p-retry'
import type { RolloutResult } from '../../agent/rollout.js'
import {
  BridgeError,
  CodeVisionError,
  DataError,
  JudgeError,
  ModelCapError,
  ModelError,
  SandboxError,
  StoreError,
  UsageError,
} from '../../core/errors.js'
import { sampleKey, type Outcome, type Sample } from '../../core/sample.js'
import type { Scorer } from '../../core/scorer.js'
import type { Task } from '../../core/task.js'
import { redact } from '../../store/redact.js'
import { expectScorable } from '../scoring/scorable.js'
import { scoreAnswer, type Scoring } from '../scoring/score-answer.js'

/** Let the policy work on one task, in one epoch. */
export type RollOut = (request: { task: Task; epoch: number; signal: AbortSignal }) => Promise<RolloutResult>

/** Finite repetition of a sample whose sandbox failed (or whose policy does not repeat its own requests). */
export interface Retries {
  count: number
  /** Pause before the first repetition; doubled with each. */
  delayMs: number
}

/** Where a caller does not say. */
export const RETRIES: Retries = { count: 2, delayMs: 1000 }

/**
 * Run and score one sample. What the machine did wrong (sandbox, model server, judge) is repeated, then recorded as the sample's outcome.
 * @throws what is nobody's data: an abort, a cap of the policy, a full disk, a defect of this program.
 */
export async function runSample({
  task,
  epoch,
  rollOut,
  scoring,
  retries,
  secrets,
  signal,
  putImage,
  earlier = null,
  onFailure,
  scorer = 'none',
}: {
  task: Task
  epoch: number
  rollOut: RollOut
  scoring: Scoring
  retries: Retries
  /** Values that must not appear in an error's text. */
  secrets: readonly string[]
  signal: AbortSignal
  putImage: (image: { sha256: string; png: () => Promise<Buffer> }) => Promise<void>
  /** The same sample as an earlier session left it, where only the judge failed: its rollout is kept and its answer is scored. */
  earlier?: Sample | null
  /** Told of a failure that becomes the sample's outcome. */
  onFailure?: (cause: Error) => void
  /** Of the task's suite. */
  scorer?: Scorer
}): Promise<Sample> {
  const started = performance.now()
  let attempts = 0
  const sample: Sample = { ...blankSample({ task, epoch }), ...(scorer !== 'none' && { scorer }) }
  try {
    // Before anything is spent on a row that its scorer cannot read.
    expectScorable({ profile: scoring.profile, asked: sample })
    let trajectory = earlier?.trajectory ?? null
    if (earlier !== null && trajectory !== null) {
      attempts = earlier.attempts
      sample.timings = { ...earlier.timings, judgeMs: 0 }
    } else {
      const result = await repeated({
        retries,
        signal,
        attempt: () => {
          attempts++
          return rollOut({ task, epoch, signal })
        },
      })
      for (const [sha256, png] of result.images) await putImage({ sha256, png })
      trajectory = result.trajectory
      sample.timings = { ...result.timings, judgeMs: 0 }
    }
    sample.trajectory = trajectory

    const judging = performance.now()
    const { outcome, score } = await repeated({
      retries,
      signal,
      attempt: () => scoreAnswer({ trajectory, asked: sample, scoring, signal }),
    })
    sample.timings.judgeMs = performance.now() - judging
    sample.outcome = outcome
    sample.scores = { [scoring.profile]: score }
  } catch (cause) {
    signal.throwIfAborted()
    const outcome = failureOutcome(cause)
    if (outcome === null || !(cause instanceof Error)) throw cause
    onFailure?.(cause)
    sample.outcome = outcome
    const isDataFault = cause instanceof DataError && !cause.isRetryable
    sample.error = {
      ...redact({ value: { name: cause.name, message: cause.message }, secrets }),
      ...(isDataFault && { fault: 'data' }),
    }
  }
  const totalMs = (earlier?.timings.totalMs ?? 0) + performance.now() - started
  return { ...sample, attempts, timings: { ...sample.timings, totalMs } }
}

/** A failed attempt is made again when its error says that this may help, and nobody has done so already: requests to a server are its client's to repeat. */
export function repeated<Value>({
  retries,
  signal,
  attempt,
}: {
  retries: Retries
  signal: AbortSignal
  attempt: () => Promise<Value>
}): Promise<Value> {
  return pRetry(attempt, {
    retries: retries.count,
    minTimeout: retries.delayMs,
    factor: 2,
    randomize: true,
    signal,
    shouldRetry: ({ error }) =>
      error instanceof CodeVisionError &&
      error.isRetryable &&
      !(error instanceof ModelError && error.attempts !== undefined),
  })
}

/** Null: no failure of the infrastructure. */
export function failureOutcome(error: unknown): Outcome | null {
  // A cap is nobody's failure: the sample is as if it had not been begun.
  if (error instanceof StoreError || error instanceof ModelCapError) return null
  if (error instanceof JudgeError) return 'judge-error'
  if (error instanceof ModelError) return 'model-error'
  // A UsageError comes from the sandbox too: an image that cannot be decoded (see `fault` of a sample's error).
  if (error instanceof SandboxError || error instanceof BridgeError || error instanceof UsageError)
    return 'sandbox-error'
  return null
}

/** What a sample says of its task whatever comes of it; as long as nothing has, it counts as failed. */
export function blankSample({ task, epoch }: { task: Task; epoch: number }): Sample {
  const { key, id, suite, transform, question, answers, requiredTools, box, metadata } = task
  const { options, category, cluster } = task
  const taskType = metadata.data_source
  return {
    key: sampleKey({ taskKey: key, epoch }),
    taskId: id,
    epoch,
    suite,
    ...(typeof taskType === 'string' && { taskType }),
    transform,
    question,
    answers,
    ...(options && { options }),
    ...(category !== undefined && { category }),
    ...(cluster !== undefined && { cluster }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    requiredTools,
    box,
    outcome: 'sandbox-error',
    trajectory: null,
    scores: {},
    reward: null,
    error: null,
    timings: { totalMs: 0, modelMs: 0, sandboxMs: 0, judgeMs: 0 },
    attempts: 0,
  }
}
