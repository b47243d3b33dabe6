import type { Sample } from '../../core/sample.js'
import type { StepMetrics } from '../metrics/step-metrics.js'

/** What a training tells while it runs. */
export type TrainingEvent =
  /** `step`: those that earlier sessions took; `until`: where this one ends, of `total`. */
  | { type: 'started'; step: number; until: number; total: number }
  /** What is being done in a step (from 1), and how far. */
  | {
      type: 'progress'
      step: number
      phase: 'rollouts' | 'reward' | 'update' | 'evaluation'
      done: number
      of: number
    }
  /** A rollout that the machine failed, in a step (from 1) or in the evaluation after it: `error` says why. */
  | { type: 'failed'; step: number; sample: Sample }
  | { type: 'step'; metrics: StepMetrics; seconds: number }
  | { type: 'evaluated'; metrics: StepMetrics }
  | { type: 'checkpoint'; step: number; path: string }
