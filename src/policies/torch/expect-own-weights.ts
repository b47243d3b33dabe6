import { TrainingError } from '../../core/errors.js'
import type { SampledLogprobs } from '../../core/trainable-policy.js'
import type { TokenSegment } from '../../core/token-ledger.js'

/** In natural logarithms, of the tokens of a turn. Precision alone parts two engines by hundredths. */
const LARGEST_MEAN = 0.3

/**
 * Of a turn that a server wrote, the last of a rollout: that it holds the weights that are trained. Turns before may have been written with others.
 * @param parameters.segments of the rollout; @param parameters.own the engine's log-probabilities of all its sampled tokens
 * @throws TrainingError where they are too far apart
 */
export function expectOwnWeights({
  segments,
  own,
}: {
  segments: readonly TokenSegment[]
  own: SampledLogprobs
}): void {
  const told = segments.findLast(({ mask }) => mask.includes(1))?.logprobs ?? []
  const found = [...(own[0] ?? [])].slice(-told.length)
  const distances = told.map((one, at) => Math.abs(one - (found[at] ?? 0)))
  const mean = distances.reduce((sum, one) => sum + one, 0) / Math.max(1, told.length)
  if (mean <= LARGEST_MEAN) return
  throw new TrainingError(
    `The vLLM server writes with other weights than those that are trained: its log-probabilities of ${told.length} tokens are ${mean.toFixed(2)} from the engine's in the mean, expected at most ${LARGEST_MEAN}. Start it anew with the checkpoint of model.path; one that was trained whole by another run keeps what it got there.`,
  )
}
