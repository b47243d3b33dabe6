import type { LogprobGradient } from '../../core/trainable-policy.js'
import type { KlPenalty } from '../../core/training-choices.js'
import { klPenalty } from '../losses/kl-penalty.js'
import { policyLoss, type PolicyLossBounds } from '../losses/policy-loss.js'

/** A rollout of a mini-batch, with what the loss of its tokens needs besides their log-probabilities under the policy that learns. All lists: [tokens]. */
export interface GradedRollout {
  readonly advantage: number
  /** What each of its tokens counts in the loss of the mini-batch. */
  readonly weight: number
  /** Under the policy that the step began with. */
  readonly old: Float64Array
  /** When they were sampled. */
  readonly sampled: Float64Array
  /** Under the reference; null: no divergence is measured. */
  readonly reference: Float64Array | null
}

export interface GrpoLossSettings extends PolicyLossBounds {
  klPenalty: KlPenalty
  /** Of the divergence from the reference in the loss. */
  klCoefficient: number
}

/** Sums over the tokens of what a step's mini-batches measured. */
export interface UpdateTally {
  tokens: number
  /** Losses of mini-batches, as they are aggregated. */
  policyLoss: number
  klLoss: number
  /** Sums over tokens. */
  kl: number
  distance: number
  clipped: number
  dualClipped: number
}

export function emptyTally(): UpdateTally {
  return { tokens: 0, policyLoss: 0, klLoss: 0, kl: 0, distance: 0, clipped: 0, dualClipped: 0 }
}

/**
 * ∂loss/∂logprob of a mini-batch's tokens: clipped policy loss + coefficient · divergence from the reference (paper, section 4.3). What it meets is added to `tally`.
 */
export function grpoGradient({
  batch,
  settings,
  tally,
}: {
  batch: readonly GradedRollout[]
  settings: GrpoLossSettings
  tally: UpdateTally
}): LogprobGradient {
  return ({ rollouts, logprobs }) =>
    rollouts.map((place, index) => {
      const rollout = batch[place]
      if (rollout === undefined) throw new RangeError(`expected a rollout of the mini-batch, got ${place}`)
      return rolloutGradient({ rollout, logprobs: logprobs[index] ?? new Float64Array(0), settings, tally })
    })
}

function rolloutGradient({
  rollout: { advantage, weight, old, sampled, reference },
  logprobs,
  settings,
  tally,
}: {
  rollout: GradedRollout
  logprobs: Float64Array
  settings: GrpoLossSettings
  tally: UpdateTally
}): Float64Array {
  if (logprobs.length !== old.length)
    throw new RangeError(`expected log-probabilities of ${old.length} tokens, got ${logprobs.length}`)
  return logprobs.map((logprob, index) => {
    const token = { logprob, old: old[index] ?? NaN, sampled: sampled[index] ?? NaN, advantage }
    const policy = policyLoss({ token, bounds: settings, weight })
    tally.tokens++
    tally.policyLoss += weight * policy.value
    tally.distance += policy.distance
    tally.clipped += policy.isClipped ? 1 : 0
    tally.dualClipped += policy.isDualClipped ? 1 : 0
    if (reference === null) return policy.derivative
    const kl = klPenalty({ logprob, reference: reference[index] ?? NaN, kind: settings.klPenalty })
    tally.kl += kl.value
    tally.klLoss += weight * kl.value
    return policy.derivative + settings.klCoefficient * weight * kl.derivative
  })
}
