import { endingOf, type Ending, type Sample } from '../../core/sample.js'
import type { Scorer } from '../../core/scorer.js'
import type { Transform } from '../../core/transform.js'
import type { TrajectoryCall } from '../../core/trajectory.js'
import { observedAnalysis } from '../../reward/analysis/observed-analysis.js'
import { CORE_TOOLS } from '../../reward/tools.js'
import { scorerOf } from './scorer-of.js'

/** What the summary needs of a sample: small, so that ten thousand fit in memory. */
export interface SampleDigest {
  key: string
  /** The same for all epochs of a task. */
  taskKey: string
  epoch: number
  transform: Transform
  /** Whose benchmark it is of. */
  scorer: Scorer
  /** Kind of question as the benchmark reports it; null where it has none. */
  category: string | null
  /** Samples of one cluster are not independent: variants of one question, or at least the epochs of one task. */
  cluster: string
  /** Which rotation of its options the question shows (HR-Bench's cycle_category); null where the benchmark has none. */
  rotation: string | null
  outcome: Ending
  /** From 0 to 1 where the scoring gives partial credit; null: 1 or 0, as the outcome says. */
  value: number | null
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
  /** Tools outside the core set that calls with a result used, as the pixels bear out; each once, in order of the alphabet. */
  emergentTools: readonly string[]
}

/** @param sample holds the score that counts, and no other: that of its run, or of the profile it was scored under again. */
export function digestOf(sample: Sample): SampleDigest {
  const { key, epoch, transform, trajectory, category = null, metadata, scores } = sample
  const taskKey = key.slice(0, key.length - `#${epoch}`.length)
  const rotation = metadata?.cycle_category
  const [score] = Object.values(scores)
  return {
    key,
    taskKey,
    epoch,
    transform,
    scorer: scorerOf(sample),
    category,
    cluster: sample.cluster ?? taskKey,
    rotation: typeof rotation === 'string' || typeof rotation === 'number' ? String(rotation) : null,
    outcome: endingOf(sample),
    value: score?.value ?? null,
    rollout: trajectory && {
      turns: trajectory.turns,
      malformedCalls: trajectory.malformedCalls,
      ...callsDigest(trajectory.calls),
    },
  }
}

function callsDigest(calls: readonly TrajectoryCall[]): Omit<RolloutDigest, 'turns' | 'malformedCalls'> {
  const statuses = calls.map(({ execution }) => execution.status)
  const firstError = statuses.indexOf('error')
  const used = calls.flatMap(({ execution }) =>
    execution.status === 'ok' ? observedAnalysis(execution).transforms : [],
  )
  return {
    calls: statuses.length,
    failedCalls: statuses.filter((status) => status === 'error').length,
    recovered: firstError !== -1 && statuses.includes('ok', firstError),
    emergentTools: [...new Set(used)].filter((tool) => !CORE_TOOLS.has(tool)).sort(),
  }
}
