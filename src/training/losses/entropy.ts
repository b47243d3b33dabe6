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
