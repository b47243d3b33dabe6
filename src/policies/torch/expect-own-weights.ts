import { UsageError } from '../../core/errors.js'
import type { SampledLogprobs } from '../../core/trainable-policy.js'
import type { TokenSegment } from '../../core/token-ledger.js'

/** In natural logarithms, of the tokens of a turn. Precision alone parts two engines by hundredths. */
const LARGEST_MEAN = 0.3

/**
 * Of the first turn that a server wrote: that it holds the weights that are trained.
 * @param parameters.segments of the rollout; @param parameters.own the engine's log-probabilities of its sampled tokens
 * @throws UsageError where they are too far apart
 */
export function expectOwnWeights({
  segments,
  own,
}: {
  segments: readonly TokenSegment[]
  own: SampledLogprobs
}): void {
  const told = segments.flatMap(({ mask, logprobs }) => logprobs.filter((_, at) => mask[at] === 1))
  const [found = new Float64Array()] = own
  const mean =
    told.reduce((sum, one, at) => sum + Math.abs(one - (found[at] ?? 0)), 0) / Math.max(1, told.length)
  if (mean <= LARGEST_MEAN) return
  throw new UsageError(
    `The vLLM server writes with other weights than those that are trained: its log-probabilities of ${told.length} tokens are ${mean.toFixed(2)} from the engine's in the mean, expected at most ${LARGEST_MEAN}. Start it anew with the checkpoint of model.path; one that was trained whole by another run keeps what it got there.`,
  )
}
