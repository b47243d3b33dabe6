import PQueue from 'p-queue'
import type { RolloutResult } from '../../agent/rollout.js'
import { UsageError } from '../../core/errors.js'
import { LONGEST_TIMER_MS } from '../../core/longest-timer.js'
import type { Sample } from '../../core/sample.js'
import type { Scorer } from '../../core/scorer.js'
import type { Task } from '../../core/task.js'
import type { SamplingPolicy, TrainingRollout } from '../../core/trainable-policy.js'
import { blankSample, runSample, type Retries, type RollOut } from '../../evaluation/run/run-sample.js'
import type { Scoring } from '../../evaluation/scoring/score-answer.js'

/** A rollout that is to be made; `epoch` tells the rollouts of a task from each other, over all passes. */
export interface OrderedRollout {
  readonly task: Task
  readonly epoch: number
}

export interface CollectedRollout {
  readonly task: Task
  readonly sample: Sample
  /** Its tokens and images; null where it did not end. */
  readonly training: TrainingRollout | null
  readonly images: RolloutResult['images']
  /** It was cut off at the deadline. */
  readonly isStraggler: boolean
}

export interface CollectRolloutsParameters {
  rollouts: readonly OrderedRollout[]
  policy: SamplingPolicy
  rollOut: RollOut
  scoring: Scoring
  scorer?: Scorer
  retries: Retries
  /** Values that must not appear in an error's text. */
  secrets: readonly string[]
  /** Rollouts at the same time. */
  concurrency: number
  /** All that have not ended by then, in milliseconds from now, are cut off; absent or null: none are. */
  deadlineMs?: number | null | undefined
  signal: AbortSignal
  onRollout?: (done: number) => void
  /** Told of each that the machine failed. */
  onFailed?: ((sample: Sample) => void) | undefined
}

/**
 * Make and score rollouts, many at a time, and take their tokens from the policy. What the machine did wrong, and what took too long, is in the sample's outcome and has no
 * tokens to learn from: nothing of it is ever scored.
 * @returns in the order in which they were asked for, whatever ended first
 * @throws UsageError for a deadline that no timer holds; what is nobody's data: an abort, a cap, a defect; everything that ran has stopped by then.
 */
export async function collectRollouts(parameters: CollectRolloutsParameters): Promise<CollectedRollout[]> {
  const { rollouts, concurrency, signal, onRollout = () => undefined } = parameters
  const deadlineMs = parameters.deadlineMs ?? Infinity
  if (deadlineMs > LONGEST_TIMER_MS && deadlineMs < Infinity)
    throw new UsageError(
      `expected a deadline (deadlineMs) of at most ${LONGEST_TIMER_MS} ms, since no timer holds more, or null for none, got ${deadlineMs}`,
    )
  const failure = new AbortController()
  const deadline = new AbortController()
  const timer = deadlineMs === Infinity ? undefined : setTimeout(() => deadline.abort(), deadlineMs)
  const collected: CollectedRollout[] = []
  const queue = new PQueue({ concurrency })
  let done = 0
  try {
    rollouts.forEach((rollout, index) => {
      void queue.add(async () => {
        const stop = AbortSignal.any([signal, failure.signal])
        if (stop.aborted) return
        try {
          collected[index] = await collectOne({ rollout, parameters, stop, deadline: deadline.signal })
          onRollout(++done)
        } catch (cause) {
          if (!stop.aborted) failure.abort(cause)
        }
      })
    })
    await queue.onIdle()
  } finally {
    clearTimeout(timer)
  }
  failure.signal.throwIfAborted()
  signal.throwIfAborted()
  return collected
}

async function collectOne({
  rollout: { task, epoch },
  parameters,
  stop,
  deadline,
}: {
  rollout: OrderedRollout
  parameters: CollectRolloutsParameters
  stop: AbortSignal
  deadline: AbortSignal
}): Promise<CollectedRollout> {
  const { policy, scorer = 'none', deadlineMs } = parameters
  const identity = { key: task.key, epoch }
  const images = new Map<string, () => Promise<Buffer>>()
  try {
    const sample = await runSample({
      ...parameters,
      task,
      epoch,
      scorer,
      signal: AbortSignal.any([stop, deadline]),
      putImage: ({ sha256, png }) => Promise.resolve(void images.set(sha256, png)),
    })
    if (sample.error !== null) parameters.onFailed?.(sample)
    const ledger = sample.error === null ? policy.ledgerOf(identity) : null
    const training = ledger === null ? null : { ledger: { segments: [...ledger.segments] }, images }
    return { task, sample, training, images, isStraggler: false }
  } catch (cause) {
    if (stop.aborted || !deadline.aborted) throw cause
    const error = { name: 'DeadlineError', message: `cut off at the step's deadline of ${deadlineMs} ms` }
    const sample: Sample = { ...blankSample({ task, epoch }), outcome: 'model-error', error }
    return { task, sample, training: null, images: new Map<never, never>(), isStraggler: true }
  } finally {
    policy.forget(identity)
  }
}
