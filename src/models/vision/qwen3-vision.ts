import { add, reshape, type Tensor2D } from '@tensorflow/tfjs-core'
import type { VisionConfig } from '../config/model-config.js'
import { gelu, geluTanh } from '../layers/activations.js'
import { linear } from '../layers/linear.js'
import { layerNorm } from '../layers/norms.js'
import { rotaryTables } from '../layers/rotary.js'
import { under, type ModelWeights } from '../weights/model-weights.js'
import { learnedPositions } from './learned-positions.js'
import { joinRuns } from './attention-runs.js'
import { patchPlaces, type PatchGrid } from './patch-order.js'
import { visionAngles } from './vision-angles.js'
import { visionAttention } from './vision-attention.js'
import type { VisionOutput } from './vision-output.js'

const EPSILON = 1e-6

/** The vision tower of Qwen3-VL over the patches of images, one image below the other, [patches, channels × time × side²]. */
export function qwen3Vision({
  patches,
  grids,
  config,
  weights: all,
}: {
  patches: Tensor2D
  grids: readonly PatchGrid[]
  config: VisionConfig
  weights: ModelWeights
}): VisionOutput {
  const weights = under({ weights: all, prefix: 'model.visual.' })
  const { mergeSize, heads, hiddenSize } = config
  const { side, deepStackBlocks } = config.learnedPositions ?? { side: 1, deepStackBlocks: [] }
  const unit = mergeSize ** 2
  const places = grids.map((grid) => patchPlaces({ grid, mergeSize }))
  const rotary = rotaryTables({
    angles: visionAngles({ places: places.flat(), headSize: hiddenSize / heads, theta: config.ropeTheta }),
    frequencies: hiddenSize / heads / 2,
  })
  const runs = joinRuns(places.map(({ length }) => ({ count: 1, length })))
  const table = weights.get('pos_embed.weight') as Tensor2D
  let x: Tensor2D = add(
    linear({ x: patches, weights, name: 'patch_embed.proj' }),
    learnedPositions({ table, side, images: grids.map((grid, at) => ({ grid, places: places[at] ?? [] })) }),
  )
  // In the order of the blocks, whatever the order in which the configuration names them.
  const deepStack: Tensor2D[] = []
  for (let block = 0; block < config.depth; block++) {
    const own = under({ weights, prefix: `blocks.${block}.` })
    const normed = layerNorm({ x, weights: own, name: 'norm1', epsilon: EPSILON })
    x = add(x, visionAttention({ x: normed, weights: own, heads, rotary, runs }))
    x = add(
      x,
      feedForward({ x: layerNorm({ x, weights: own, name: 'norm2', epsilon: EPSILON }), weights: own }),
    )
    const at = deepStackBlocks.indexOf(block)
    if (at >= 0)
      deepStack.push(
        merge({
          x,
          weights: under({ weights, prefix: `deepstack_merger_list.${at}.` }),
          unit,
          normalises: 'blocks',
        }),
      )
  }
  return {
    tokens: merge({ x, weights: under({ weights, prefix: 'merger.' }), unit, normalises: 'patches' }),
    deepStack,
  }
}

function feedForward({ x, weights }: { x: Tensor2D; weights: ModelWeights }): Tensor2D {
  const inner = geluTanh(linear({ x, weights, name: 'mlp.linear_fc1' }))
  return linear({ x: inner, weights, name: 'mlp.linear_fc2' })
}

/** The patches of a block side by side, through two layers; normalised before they stand together, or after. */
function merge({
  x,
  weights,
  unit,
  normalises,
}: {
  x: Tensor2D
  weights: ModelWeights
  unit: number
  normalises: 'patches' | 'blocks'
}): Tensor2D {
  const norm = (input: Tensor2D): Tensor2D => layerNorm({ x: input, weights, name: 'norm', epsilon: EPSILON })
  const together = (input: Tensor2D): Tensor2D => reshape(input, [x.shape[0] / unit, x.shape[1] * unit])
  const blocks = normalises === 'patches' ? together(norm(x)) : norm(together(x))
  return linear({ x: gelu(linear({ x: blocks, weights, name: 'linear_fc1' })), weights, name: 'linear_fc2' })
}
