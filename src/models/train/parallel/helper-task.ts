import type { MessagePort } from 'node:worker_threads'
import type { ModelConfig } from '../../config/model-config.js'
import type { TrainingSegment } from '../training-segment.js'

/** A parameter, and where its numbers lie among those of all that are trained. */
export interface TrainedPlace {
  readonly name: string
  readonly shape: number[]
  readonly start: number
  readonly size: number
}

/** What a helper is made of. All numbers lie in shared memory. */
export interface HelperSetup {
  readonly config: ModelConfig
  readonly adapterScale: number
  readonly frozen: readonly {
    readonly name: string
    readonly shape: number[]
    readonly values: Float32Array
  }[]
  readonly trained: readonly TrainedPlace[]
  /** Values of what is trained, written by the trainer. */
  readonly parameters: Float32Array
  /** Its gradients, written by the helper. */
  readonly gradients: Float32Array
  /** 1 for each trained parameter that the last loss reached. */
  readonly reached: Uint8Array
  /** See {@link TURN}. */
  readonly cell: Int32Array
  /** Why a task failed: a {@link HelperFailure}. */
  readonly failures: MessagePort
}

/** Segments for a helper to compute. */
export interface HelperTask {
  readonly segments: readonly TrainingSegment[]
  readonly temperature: number
  /** Changes with the parameters. */
  readonly revision: number
  readonly wantsGradients: boolean
  /** Shared: log-probabilities of the learned tokens, segment behind segment, by the helper, then the loss's slopes, by the trainer. */
  readonly numbers: Float32Array
}

export interface HelperFailure {
  readonly message: string
}
