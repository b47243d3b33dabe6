import { tidy, type Tensor1D } from '@tensorflow/tfjs-core'
import type { ModelConfig } from '../config/model-config.js'
import { ropePositions } from '../positions/rope-positions.js'
import { runModel, type SequenceInput } from '../run-model.js'
import { tokenLogprobs } from '../token-logprobs.js'
import type { ModelWeights } from '../weights/model-weights.js'
import { learnedTokens, type TrainingSegment } from './training-segment.js'

/** Segments that are computed together, and what computes them. */
export interface SegmentBatch {
  readonly segments: readonly TrainingSegment[]
  readonly config: ModelConfig
  readonly weights: ModelWeights
  /** Scores are divided by it first; default 1. */
  readonly temperature?: number
}

/** Log-probabilities of the learned tokens, segment by segment; nothing is changed. */
export async function segmentLogprobs(batch: SegmentBatch): Promise<Float32Array[]> {
  let counts: number[] = []
  const values = tidy(() => {
    const result = logprobTensor(batch)
    counts = result.counts
    return result.values
  })
  const all = (await values.data()) as Float32Array
  values.dispose()
  return dividedBySegment({ values: all, counts })
}

/** The same as one tensor, one segment behind the other, and how many are of each. Call it within `tidy`. */
export function logprobTensor({ segments, config, weights, temperature = 1 }: SegmentBatch): {
  values: Tensor1D
  counts: number[]
} {
  const { rows, targets, counts } = learnedTokens(segments)
  const sequences = segments.map((segment) => sequenceOf({ segment, config }))
  const hidden = runModel({ sequences, config, weights })
  return { values: tokenLogprobs({ hidden, rows, targets, config, weights, temperature }), counts }
}

/** Numbers of all segments, those of each by themselves. */
export function dividedBySegment({
  values,
  counts,
}: {
  values: ArrayLike<number>
  counts: readonly number[]
}): Float32Array[] {
  let start = 0
  return counts.map((count) => {
    const own = Float32Array.from({ length: count }, (_, at) => values[start + at] ?? NaN)
    start += count
    return own
  })
}

function sequenceOf({
  segment: { ids, images },
  config,
}: {
  segment: TrainingSegment
  config: ModelConfig
}): SequenceInput {
  const { mergeSize } = config.vision
  const grids = images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
  return { ids, images, past: 0, positions: ropePositions({ ids, imagePad: config.tokens.imagePad, grids }) }
}
