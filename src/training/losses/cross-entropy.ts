import { aggregate, aggregationWeights, type AggregatedTokens } from './aggregation.js'
import type { TokenRows } from './token-rows.js'

/**
 * Loss of sequences that someone else wrote: −log p of each token that counts (paper, section 3), aggregated, and its derivative by each log-probability.
 * @param logprobs natural logarithms, [sequences][tokens]
 */
export function crossEntropy({ logprobs, ...tokens }: AggregatedTokens & { logprobs: TokenRows }): {
  value: number
  derivative: Float64Array[]
} {
  const values = logprobs.map((row) => Float64Array.from(row, (logprob) => -logprob))
  const weights = aggregationWeights(tokens)
  return {
    value: aggregate({ values, ...tokens }),
    derivative: weights.map((row) => row.map((weight) => -weight)),
  }
}
