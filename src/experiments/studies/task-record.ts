import type { Sample } from '../../core/sample.js'
import type { Transform } from '../../core/transform.js'
import { isScored } from '../../evaluation/summary/credit.js'
import { digestOf } from '../../evaluation/summary/digest.js'
import { CROP } from '../../reward/tools.js'
import { turnedBack } from '../../reward/turned-back.js'

/** What a study reads of one evaluated task. */
export interface TaskRecord {
  /** The same wherever the task is asked. */
  readonly key: string
  /** Tasks of one cluster are not independent of each other. */
  readonly cluster: string
  readonly transform: Transform
  /** How many tools the task requires; 0 where its row does not say. */
  readonly requiredTools: number
  /** Whether what is asked about has to be cropped. */
  readonly needsCrop: boolean
  readonly isCorrect: boolean
  /** Executed calls of the tool, failed ones included. */
  readonly toolTurns: number
  /** Of those, calls beyond the tools that the task requires. */
  readonly superfluousTurns: number
  /** Written by the model. */
  readonly tokens: number
  /** What undoes the transformation was executed; false for an upright picture, which needs nothing. */
  readonly isTurnedBack: boolean
}

/** Null for a sample that was not scored: what the machine failed is in no rate. */
export function taskRecord(sample: Sample): TaskRecord | null {
  const digest = digestOf(sample)
  const { transform, trajectory } = sample
  if (!isScored(digest) || trajectory === null) return null
  const required = sample.requiredTools ?? []
  const toolTurns = trajectory.calls.length
  return {
    key: digest.taskKey,
    cluster: digest.cluster,
    transform,
    requiredTools: required.length,
    needsCrop: required.includes(CROP),
    isCorrect: sample.outcome === 'correct',
    toolTurns,
    superfluousTurns: Math.max(0, toolTurns - required.length),
    tokens: trajectory.usage.completionTokens,
    isTurnedBack: turnedBack({ transform, calls: trajectory.calls }),
  }
}
