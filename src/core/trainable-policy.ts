import type { Message } from './message.js'
import type { Policy, ToolDescription } from './policy.js'
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

/** Natural logarithms of the probabilities of the sampled tokens of some rollouts, in their order: [rollouts][tokens]. */
export type SampledLogprobs = readonly Float64Array[]

export interface LogprobsRequest {
  readonly rollouts: readonly TrainingRollout[]
  /** The scores are divided by it first: that at which the tokens were sampled; default 1. */
  readonly temperature?: number
  readonly signal?: AbortSignal
}

/**
 * ∂loss/∂logprob of each sampled token of some of a step's rollouts (`rollouts` are their places in it). An engine may compute a step in parts, each asked for once; so a loss that looks across
 * rollouts takes what it needs from `logprobs` beforehand.
 */
export type LogprobGradient = (part: {
  readonly rollouts: readonly number[]
  readonly logprobs: SampledLogprobs
}) => SampledLogprobs

export interface StepRequest extends LogprobsRequest {
  readonly gradient: LogprobGradient
  /** Of this step. */
  readonly learningRate: number
  /** The gradient is scaled down to this norm where it is longer; absent: never. */
  readonly maxGradientNorm?: number
}

export interface StepResult {
  /** Before it was scaled down. */
  readonly gradientNorm: number
}

/** Weights that stay as they were when they were taken. */
export interface FrozenPolicy {
  logprobs(request: LogprobsRequest): Promise<SampledLogprobs>
  dispose(): Promise<void>
}

/**
 * A policy whose weights can be trained. Losses stand apart from it: they take log-probabilities and give the derivative by each of them, in float64, so that every loss is written once for every
 * engine.
 */
export interface TrainablePolicy extends SamplingPolicy {
  /**
   * A conversation that someone else wrote, as tokens to train on: what the assistant wrote, with the token that ends its turn, counts as sampled (with log-probability 0), all else as given. `images` of the
   * messages are the views that the model sees.
   */
  encode(conversation: {
    readonly messages: readonly Message[]
    readonly tools: readonly ToolDescription[]
  }): Promise<TrainingRollout>
  /** Under the weights as they are, without changing them. */
  logprobs(request: LogprobsRequest): Promise<SampledLogprobs>
  /** The weights as they are now, kept: the reference that a KL divergence is measured from. */
  reference(): Promise<FrozenPolicy>
  /** Compute log-probabilities, ask `gradient` for ∂loss/∂logprob of each sampled token, propagate that back, and change the weights. What the policy samples from then on is sampled from the new ones. */
  step(request: StepRequest): Promise<StepResult>
  /** Write a checkpoint in the Hugging Face layout and, beside it, the state of the optimizer, so that `load` goes on with the same next step. */
  save(directory: string): Promise<void>
  /** @throws UsageError when the folder holds another model. */
  load(directory: string): Promise<void>
}
