import type { Sample } from '../../core/sample.js'
import type { Transform } from '../../core/transform.js'
import { requiredToolsFor } from '../../data/transforms/required-tools.js'
import { isScored } from '../../evaluation/summary/credit.js'
import { digestOf } from '../../evaluation/summary/digest.js'
import { observedAnalysis } from '../../reward/analysis/observed-analysis.js'
import { CROP } from '../../reward/tools.js'

/** What a study reads of one evaluated task. */
export interface TaskRecord {
  /** The same wherever the task is asked. */
  readonly key: string
  /** Tasks of one cluster are not independent of each other. */
  readonly cluster: string
  readonly transform: Transform
  /** Whether what is asked about has to be cropped. */
  readonly needsCrop: boolean
  readonly isCorrect: boolean
  /** Executed calls of the tool, failed ones included. */
  readonly toolTurns: number
  /** Of those, calls beyond the tools that the task requires. */
  readonly superfluousTurns: number
  /** Written by the model. */
  readonly tokens: number
  /** What undoes the transformation was executed (as the pixels bear out); false for an upright picture, which needs nothing. */
  readonly isTurned: boolean
}

/** Records of the samples that were scored; what the machine failed is left out, as it is of every rate. */
export function taskRecords(samples: readonly Sample[]): TaskRecord[] {
  return samples.flatMap((sample) => {
    const digest = digestOf(sample)
    const { transform, trajectory, requiredTools } = sample
    if (!isScored(digest) || trajectory === null) return []
    const required = requiredTools ?? requiredToolsFor({ transform, needsCrop: false })
    const [turn] = requiredToolsFor({ transform, needsCrop: false })
    const used = trajectory.calls.flatMap(({ execution }) =>
      execution.status === 'ok' ? observedAnalysis(execution).transforms : [],
    )
    const toolTurns = trajectory.calls.length
    return [
      {
        key: digest.taskKey,
        cluster: digest.cluster,
        transform,
        needsCrop: required.includes(CROP),
        isCorrect: sample.outcome === 'correct',
        toolTurns,
        superfluousTurns: Math.max(0, toolTurns - required.length),
        tokens: trajectory.usage.completionTokens,
        isTurned: turn !== undefined && used.includes(turn),
      },
    ]
  })
}
