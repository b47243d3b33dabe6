/** Entropy of a distribution, in nats, of its natural logarithms of probabilities; −∞ stands for what is impossible. */
export function entropyOf(logprobs: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < logprobs.length; index++) {
    const logprob = logprobs[index] ?? Number.NEGATIVE_INFINITY
    if (logprob > Number.NEGATIVE_INFINITY) sum -= Math.exp(logprob) * logprob
  }
  return sum
}

/** Estimate of the entropy of a policy, in nats a token, of the tokens that were sampled from it: the mean of −log p. 0 without tokens. */
export function sampledEntropy(logprobs: readonly ArrayLike<number>[]): number {
  let [sum, count] = [0, 0]
  for (const row of logprobs)
    for (let index = 0; index < row.length; index++) {
      sum -= row[index] ?? 0
      count++
    }
  return count === 0 ? 0 : sum / count
}
