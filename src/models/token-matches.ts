import { argMax, gather, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { ModelConfig } from './config/model-config.js'
import { ropePositions } from './positions/rope-positions.js'
import { logitsOf, runModel } from './run-model.js'
import { learnedTokens, type TrainingSegment } from './train/training-segment.js'
import type { ModelWeights } from './weights/model-weights.js'

/**
 * Whether each masked token of some segments is the most probable one after the tokens before it. Where that holds for all tokens of a turn, and only there, greedy decoding writes that very turn.
 * [segments][masked tokens]
 */
export async function tokenMatches({
  segments,
  config,
  weights,
}: {
  segments: readonly TrainingSegment[]
  config: ModelConfig
  weights: ModelWeights
}): Promise<boolean[][]> {
  const { rows, targets, counts } = learnedTokens(segments)
  const { mergeSize } = config.vision
  const best = tidy(() => {
    const sequences = segments.map(({ ids, images }) => {
      const grids = images.map(({ grid }) => ({
        height: grid.height / mergeSize,
        width: grid.width / mergeSize,
      }))
      const positions = ropePositions({ ids, imagePad: config.tokens.imagePad, grids })
      return { ids, images, past: 0, positions }
    })
    const hidden = gather(runModel({ sequences, config, weights }), tensor1d(rows, 'int32'))
    return argMax(logitsOf({ hidden, config, weights }), 1)
  })
  const chosen = await best.data()
  best.dispose()
  let start = 0
  return counts.map((count) => {
    const first = start
    start += count
    return Array.from({ length: count }, (_, at) => chosen[first + at] === targets[first + at])
  })
}
