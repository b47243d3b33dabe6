import { endingOf, type Ending, type Sample } from '../core/sample.js'
import type { Transform } from '../core/transform.js'

/** What the summary needs of a sample: small, so that ten thousand fit in memory. */
export interface SampleDigest {
  key: string
  /** The same for all epochs of a task. */
  taskKey: string
  transform: Transform
  outcome: Ending
  /** Null where the rollout did not end. */
  rollout: RolloutDigest | null
}

export interface RolloutDigest {
  turns: number
  calls: number
  failedCalls: number
  malformedCalls: number
  /** A call failed and a later one succeeded. */
  recovered: boolean
}

export function digestOf(sample: Sample): SampleDigest {
  const { key, epoch, transform, trajectory } = sample
  const outcome = endingOf(sample)
  const taskKey = key.slice(0, key.length - `#${epoch}`.length)
  if (trajectory === null) return { key, taskKey, transform, outcome, rollout: null }
  const statuses = trajectory.calls.map(({ execution }) => execution.status)
  const firstError = statuses.indexOf('error')
  return {
    key,
    taskKey,
    transform,
    outcome,
    rollout: {
      turns: trajectory.turns,
      calls: statuses.length,
      failedCalls: statuses.filter((status) => status === 'error').length,
      malformedCalls: trajectory.malformedCalls,
      recovered: firstError !== -1 && statuses.includes('ok', firstError),
    },
  }
}
