import type { SampledLogprobs } from '../../core/trainable-policy.js'

export const flat = (parts: readonly ArrayLike<number>[]): number[] =>
  parts.flatMap((part) => Array.from(part))

/** Largest distance between numbers at the same place. */
export const farthest = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((most, value, at) => Math.max(most, Math.abs(value - (right[at] ?? NaN))), 0)

export const meanLoss = (logprobs: readonly ArrayLike<number>[]): number => {
  const all = flat(logprobs)
  return -all.reduce((sum, value) => sum + value, 0) / all.length
}

/** ∂/∂logprob of the mean negative log-likelihood over `total` tokens. */
export const likelihood = (total: number) => (part: { logprobs: SampledLogprobs }) =>
  part.logprobs.map((own) => new Float64Array(own.length).fill(-1 / total))
