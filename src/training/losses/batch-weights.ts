import type { BatchAggregation } from '../../core/training-choices.js'
import { aggregationWeights } from './aggregation.js'

/**
 * What each token of each sequence counts in the batch's loss. `token-mean` has two meanings in trainers: over the whole mini-batch (current verl), or of each micro-batch and
 * then averaged (its release of CodeVision; with one sequence a micro-batch it is `seq-mean-token-mean`). Both are here, under their own names.
 * @param lengths trained tokens of each sequence; none is 0
 * @returns [sequences]: the derivative of the batch's loss by that of any token of the sequence
 */
export function batchWeights({
  lengths,
  mode,
  microBatch = 1,
  width,
}: {
  lengths: readonly number[]
  mode: BatchAggregation
  /** Sequences of a micro-batch. */
  microBatch?: number
  /** For `seq-mean-token-sum-norm`: tokens that a response may have. */
  width?: number
}): number[] {
  const wrong = lengths.findIndex((length) => !(length > 0))
  if (wrong >= 0)
    throw new RangeError(`sequence ${wrong}: expected trained tokens, got ${String(lengths[wrong])}`)
  if (mode !== 'micro-batch-token-mean') {
    const mask = lengths.map((length) => new Uint8Array(length).fill(1))
    const weights = aggregationWeights({ mask, mode, ...(width !== undefined && { width }) })
    return weights.map((row) => row[0] ?? 0)
  }
  const count = Math.ceil(lengths.length / microBatch)
  return lengths.map((_, index) => {
    const first = Math.floor(index / microBatch) * microBatch
    const tokens = lengths.slice(first, first + microBatch).reduce((sum, length) => sum + length, 0)
    return 1 / (tokens * count)
  })
}
