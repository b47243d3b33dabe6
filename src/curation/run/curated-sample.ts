import type { RolloutResult } from '../../agent/rollout.js'
import { DataError, ModelError, UsageError } from '../../core/errors.js'
import { textOf } from '../../core/message.js'
import { sampleKey, type Outcome, type Sample } from '../../core/sample.js'
import type { Task } from '../../core/task.js'
import type { Trajectory } from '../../core/trajectory.js'
import { blankSample } from '../../evaluation/run/run-sample.js'
import { extractAnswer } from '../../reward/answers.js'
import { isStrictMatch } from '../../reward/strict.js'
import { redact } from '../../store/redact.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import type { Rejection } from '../verify/verdict.js'

/** What a sample says whatever came of it. */
export interface SampleGround {
  plan: CurationPlan
  task: Task
  attempts: number
  totalMs: number
}

/** The sample of a trajectory that was decided: kept, or dropped for its last rejection. */
export function curatedSample({
  ground: { plan, task, attempts, totalMs },
  result: { trajectory, timings },
  rejected,
  dropped,
}: {
  ground: SampleGround
  result: RolloutResult
  /** Of every attempt that was given up, in order. */
  rejected: readonly Rejection[]
  /** Null: kept. */
  dropped: Rejection | null
}): Sample {
  const { outcome, answer } = outcomeOf({ trajectory, task })
  return {
    ...blank({ plan, task }),
    outcome,
    trajectory,
    scores: {
      strict: {
        profile: 'strict',
        answer,
        correct: outcome === 'correct',
        rule: outcome === 'correct' ? 'equal' : outcome,
        judge: null,
      },
    },
    timings: { ...timings, totalMs, judgeMs: 0 },
    attempts,
    curation: {
      type: plan.type,
      provocation: plan.provocation?.kind ?? null,
      kept: dropped === null,
      dropped: dropped && { reason: dropped.reason, detail: dropped.detail },
      corrected: (dropped === null ? rejected : rejected.slice(0, -1)).map(({ reason }) => reason),
    },
  }
}

/** The sample of an item that the machine failed, or whose image cannot be used. */
export function failedSample({
  ground: { plan, task, attempts, totalMs },
  cause,
  secrets,
}: {
  ground: SampleGround
  cause: Error
  secrets: readonly string[]
}): Sample {
  const { name, message } = cause
  const isDataFault = cause instanceof UsageError && !(cause instanceof DataError && cause.isRetryable)
  return {
    ...blank({ plan, task }),
    outcome: cause instanceof ModelError ? 'model-error' : 'sandbox-error',
    error: {
      ...redact({ value: { name, message }, secrets }),
      ...(isDataFault && { fault: 'data' as const }),
    },
    timings: { totalMs, modelMs: 0, sandboxMs: 0, judgeMs: 0 },
    attempts,
  }
}

function outcomeOf({ trajectory, task }: { trajectory: Trajectory; task: Task }): {
  outcome: Outcome
  answer: string | null
} {
  if (trajectory.stop === 'turn-limit') return { outcome: 'turn-limit', answer: null }
  if (trajectory.stop !== 'answer') return { outcome: 'truncated', answer: null }
  const last = trajectory.messages.findLast(({ role }) => role === 'assistant')
  const answer = last === undefined ? null : extractAnswer(textOf(last))
  if (answer === null || answer === '') return { outcome: 'unparsed', answer: null }
  return { outcome: isStrictMatch({ answer, answers: task.answers }) ? 'correct' : 'wrong', answer }
}

function blank({ plan, task }: { plan: CurationPlan; task: Task }): Sample {
  return { ...blankSample({ task, epoch: 0 }), key: sampleKey({ taskKey: plan.taskKey, epoch: 0 }) }
}
