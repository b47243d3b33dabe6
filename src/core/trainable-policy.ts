import type { Policy } from './policy.js'
import type { TokenLedger } from './token-ledger.js'

/** A policy that knows which tokens it sampled; it samples by `next`. */
export interface SamplingPolicy extends Policy {
  /** The tokens of a rollout of a sample so far; null where none is kept. */
  ledgerOf(sample: { key: string; epoch: number }): TokenLedger | null
  /** Let go of whatever is kept of a rollout. */
  forget(sample: { key: string; epoch: number }): void
}

/** A rollout to train on, and the image files that the model saw in it, by SHA-256. */
export interface TrainingRollout {
  readonly ledger: TokenLedger
  readonly images: ReadonlyMap<string, () => Promise<Buffer>>
}

/** Natural logarithms of the probabilities of the sampled tokens of each rollout, in their order: [rollouts][tokens]. */
export type SampledLogprobs = readonly Float64Array[]

/**
 * A policy whose weights can be trained. Losses stand apart from it: they take log-probabilities and give the derivative by each of them, in float64, so that every loss is written once for every
 * engine.
 */
export interface TrainablePolicy extends SamplingPolicy {
  /** Under the weights as they are, without changing them. */
  logprobs(given: { rollouts: readonly TrainingRollout[]; signal?: AbortSignal }): Promise<SampledLogprobs>
  /** Compute log-probabilities, ask `gradient` for ∂loss/∂logprob of each sampled token, propagate that back, and change the weights. */
  step(given: {
    rollouts: readonly TrainingRollout[]
    gradient: (logprobs: SampledLogprobs) => SampledLogprobs
    /** Of this step. */
    learningRate: number
    /** The gradient is scaled down to this norm where it is longer; absent: never. */
    maxGradientNorm?: number
    signal?: AbortSignal
  }): Promise<{
    /** Before it was scaled down. */
    gradientNorm: number
  }>
  /** Write weights in the Hugging Face layout and, beside them, the state of the optimizer, so that `load` goes on with the same next step. */
  save(directory: string): Promise<void>
  /** @throws UsageError when the folder holds another model. */
  load(directory: string): Promise<void>
}
