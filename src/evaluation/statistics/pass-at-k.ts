/**
 * Probability that at least one of `k` samples, drawn without replacement from `n` of which `correct` are right, is right: 1 − C(n − c, k) / C(n, k), the unbiased
 * estimator of pass@k. 1 ≤ k ≤ n.
 * Source: M. Chen et al., Evaluating Large Language Models Trained on Code, arXiv 2107.03374, section 2.1.
 */
export function passAtK({ n, correct, k }: { n: number; correct: number; k: number }): number {
  if (!(k >= 1 && k <= n && correct >= 0 && correct <= n))
    throw new RangeError(
      `pass@k: expected 1 ≤ k ≤ n and 0 ≤ correct ≤ n, got k ${k}, n ${n}, correct ${correct}`,
    )
  if (n - correct < k) return 1
  let allWrong = 1
  for (let index = n - correct + 1; index <= n; index++) allWrong *= 1 - k / index
  return 1 - allWrong
}
