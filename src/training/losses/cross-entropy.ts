/**
 * Loss of a sequence that someone else wrote: −log p of each of its trained tokens (paper, section 3), and its derivative by each log-probability.
 * @param parameters.logprobs natural logarithms, [tokens]
 * @param parameters.weight what each token of the sequence counts in the loss of the batch ({@link batchWeights})
 * @returns surprise: Σ −log p in nats; value: its part of the batch's loss; derivative: [tokens]
 */
export function crossEntropy({ logprobs, weight }: { logprobs: ArrayLike<number>; weight: number }): {
  surprise: number
  value: number
  derivative: Float64Array
} {
  let surprise = 0
  for (let at = 0; at < logprobs.length; at++) surprise -= logprobs[at] ?? Number.NaN
  return { surprise, value: weight * surprise, derivative: new Float64Array(logprobs.length).fill(-weight) }
}
