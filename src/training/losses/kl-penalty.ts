import type { KlPenalty } from '../../core/training-choices.js'
import { clamp } from './clamp.js'

/** Distances of log-probabilities beyond this are cut, so that their exponential stays finite. */
const LARGEST_DISTANCE = 20
/** Largest value of `low_var_kl` for one token. */
const LARGEST_PENALTY = 10

/**
 * The penalty of one token and its derivative by the policy's log-probability. Where a bound is reached the derivative is that of the bound, 0; exactly on it, it is
 * still that of the estimator.
 */
export function klPenalty({
  logprob,
  reference,
  kind,
}: {
  logprob: number
  reference: number
  kind: KlPenalty
}): { value: number; derivative: number } {
  const distance = logprob - reference
  switch (kind) {
    case 'kl':
    case 'k1':
      return { value: distance, derivative: 1 }
    case 'abs':
      return { value: Math.abs(distance), derivative: signOf(distance) }
    case 'mse':
    case 'k2':
      return { value: 0.5 * distance * distance, derivative: distance }
    case 'low_var_kl':
    case 'k3':
      return lowVariance(reference - logprob)
  }
}

function lowVariance(given: number): { value: number; derivative: number } {
  const distance = clamp({ value: given, low: -LARGEST_DISTANCE, high: LARGEST_DISTANCE })
  const ratio = Math.exp(distance.value)
  const penalty = clamp({ value: ratio - distance.value - 1, low: -LARGEST_PENALTY, high: LARGEST_PENALTY })
  // A bound that is passed hides what lies before it, NaN included.
  const isFree = penalty.isFree && distance.isFree
  return { value: penalty.value, derivative: isFree ? 1 - ratio : 0 }
}

/** 0 of what is no number, as the reference has it. */
function signOf(value: number): number {
  return Number.isNaN(value) ? 0 : Math.sign(value)
}
