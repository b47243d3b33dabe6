import type { TokenLedger } from '../../core/token-ledger.js'

/** Log-probabilities with which the tokens of a rollout were sampled, in their order: those that an engine gives log-probabilities of. */
export function sampledLogprobs(ledger: TokenLedger): Float64Array {
  const values: number[] = []
  for (const { mask, logprobs } of ledger.segments)
    mask.forEach((isSampled, index) => {
      if (isSampled === 1) values.push(logprobs[index] ?? Number.NaN)
    })
  return Float64Array.from(values)
}

/** Tokens of a rollout: those that were sampled, and all. */
export function tokenCounts(ledger: TokenLedger): { sampled: number; all: number } {
  let [sampled, all] = [0, 0]
  for (const { mask } of ledger.segments) {
    all += mask.length
    for (const isSampled of mask) sampled += isSampled
  }
  return { sampled, all }
}
