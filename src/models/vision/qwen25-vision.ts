import { add, gather, mul, reshape, tensor1d, type Tensor2D } from '@tensorflow/tfjs-core'
import type { VisionConfig } from '../config/model-config.js'
import { gelu, silu } from '../layers/activations.js'
import { linear } from '../layers/linear.js'
import { rmsNorm } from '../layers/norms.js'
import { rotaryTables } from '../layers/rotary.js'
import { under, type ModelWeights } from '../weights/model-weights.js'
import { patchPlaces, windowOrder, type PatchGrid } from './patch-order.js'
import { visionAngles } from './vision-angles.js'
import { visionAttention, type AttentionRuns } from './vision-attention.js'

const EPSILON = 1e-6

/**
 * The vision tower of Qwen2.5-VL over the patches of one image, [patches, channels × time × side²], to visual tokens, [patches / mergeSize², outputSize]. Most blocks attend within
 * windows only, so the patches are brought into the windows' order first, and the tokens back at the end.
 */
export function qwen25Vision({
  patches,
  grid,
  config,
  weights: all,
}: {
  patches: Tensor2D
  grid: PatchGrid
  config: VisionConfig
  weights: ModelWeights
}): Tensor2D {
  const weights = under({ weights: all, prefix: 'model.visual.' })
  const { mergeSize, heads, hiddenSize } = config
  const unit = mergeSize ** 2
  const { size, fullBlocks } = config.windows ?? { size: 0, fullBlocks: [] }
  const windows = windowOrder({ grid, mergeSize, side: Math.floor(size / config.patchSize / mergeSize) })
  const patchOrder = Int32Array.from(windows.order, (block) => block * unit).reduce<number[]>(
    (order, first) => {
      for (let at = 0; at < unit; at++) order.push(first + at)
      return order
    },
    [],
  )
  const places = patchPlaces({ grid, mergeSize })
  const inOrder = patchOrder.map((at) => places[at] ?? { row: 0, column: 0 })
  const rotary = rotaryTables({
    angles: visionAngles({ places: inOrder, headSize: hiddenSize / heads }),
    frequencies: hiddenSize / heads / 2,
  })
  const within: AttentionRuns[] = windows.groups.map(({ windows: count, blocks }) => ({
    count,
    length: blocks * unit,
  }))
  const whole: AttentionRuns[] = [{ count: 1, length: places.length }]

  let x: Tensor2D = linear({
    x: gather(patches, tensor1d(patchOrder, 'int32')),
    weights,
    name: 'patch_embed.proj',
  })
  for (let block = 0; block < config.depth; block++) {
    const own = under({ weights, prefix: `blocks.${block}.` })
    const runs = fullBlocks.includes(block) ? whole : within
    const normed = rmsNorm({ x, weights: own, name: 'norm1', epsilon: EPSILON })
    x = add(x, visionAttention({ x: normed, weights: own, heads, rotary, runs }))
    x = add(
      x,
      feedForward({ x: rmsNorm({ x, weights: own, name: 'norm2', epsilon: EPSILON }), weights: own }),
    )
  }
  const merged = merge({ x, weights, unit })
  return gather(merged, tensor1d(inverseOrder(windows.order), 'int32'))
}

function feedForward({ x, weights }: { x: Tensor2D; weights: ModelWeights }): Tensor2D {
  const gate = silu(linear({ x, weights, name: 'mlp.gate_proj' }))
  return linear({ x: mul(gate, linear({ x, weights, name: 'mlp.up_proj' })), weights, name: 'mlp.down_proj' })
}

/** The patches of a block side by side, through two layers. */
function merge({ x, weights, unit }: { x: Tensor2D; weights: ModelWeights; unit: number }): Tensor2D {
  const normed = rmsNorm({ x, weights, name: 'merger.ln_q', epsilon: EPSILON })
  const blocks: Tensor2D = reshape(normed, [x.shape[0] / unit, x.shape[1] * unit])
  const inner = gelu(linear({ x: blocks, weights, name: 'merger.mlp.0' }))
  return linear({ x: inner, weights, name: 'merger.mlp.2' })
}

function inverseOrder(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length)
  for (const [place, block] of order.entries()) inverse[block] = place
  return inverse
}
