import { add, gather, reshape, tensor1d, type Tensor2D } from '@tensorflow/tfjs-core'
import type { VisionConfig } from '../config/model-config.js'
import { gelu, swiglu } from '../layers/activations.js'
import { linear } from '../layers/linear.js'
import { rmsNorm } from '../layers/norms.js'
import { rotaryTables } from '../layers/rotary.js'
import { under, type ModelWeights } from '../weights/model-weights.js'
import { joinRuns, type AttentionRuns } from './attention-runs.js'
import { patchPlaces, windowOrder, type PatchGrid } from './patch-order.js'
import { visionAngles } from './vision-angles.js'
import { visionAttention } from './vision-attention.js'
import type { VisionOutput } from './vision-output.js'

const EPSILON = 1e-6

/**
 * The vision tower of Qwen2.5-VL over the patches of images, one image below the other, [patches, channels × time × side²], to visual tokens, [patches / mergeSize², outputSize]. Most blocks attend
 * within windows only, so the patches are brought into the windows' order first, and the tokens back at the end.
 */
export function qwen25Vision({
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
  const { hiddenSize, heads, mergeSize } = config
  const unit = mergeSize ** 2
  const { order, places, within, whole } = arranged({ grids, config })
  const rotary = rotaryTables({
    angles: visionAngles({ places, headSize: hiddenSize / heads, theta: config.ropeTheta }),
    frequencies: hiddenSize / heads / 2,
  })
  const fullBlocks = config.windows?.fullBlocks ?? []
  const rows = order.flatMap((block) => Array.from({ length: unit }, (_, at) => block * unit + at))
  let x: Tensor2D = linear({
    x: gather(patches, tensor1d(rows, 'int32')),
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
  return { tokens: gather(merged, tensor1d(inverseOrder(order), 'int32')), deepStack: [] }
}

/** The merge blocks of all images in the order of their windows, the places of their patches in that order, and which rows attend to each other. */
function arranged({
  grids,
  config: { mergeSize, patchSize, windows },
}: {
  grids: readonly PatchGrid[]
  config: VisionConfig
}): {
  order: number[]
  places: { row: number; column: number }[]
  within: AttentionRuns[]
  whole: AttentionRuns[]
} {
  const unit = mergeSize ** 2
  const side = Math.floor((windows?.size ?? 0) / patchSize / mergeSize)
  const order: number[] = []
  const places: { row: number; column: number }[] = []
  const within: AttentionRuns[] = []
  for (const grid of grids) {
    const first = order.length
    const image = windowOrder({ grid, mergeSize, side })
    const raster = patchPlaces({ grid, mergeSize })
    for (const block of image.order) {
      order.push(first + block)
      places.push(...raster.slice(block * unit, (block + 1) * unit))
    }
    for (const { windows: count, blocks } of image.groups) within.push({ count, length: blocks * unit })
  }
  const whole = grids.map(({ height, width }) => ({ count: 1, length: height * width }))
  return { order, places, within: joinRuns(within), whole: joinRuns(whole) }
}

function feedForward({ x, weights }: { x: Tensor2D; weights: ModelWeights }): Tensor2D {
  const gate = linear({ x, weights, name: 'mlp.gate_proj' })
  const up = linear({ x, weights, name: 'mlp.up_proj' })
  return linear({ x: swiglu({ gate, up }), weights, name: 'mlp.down_proj' })
}

/** The patches of a block side by side, through two layers. */
function merge({ x, weights, unit }: { x: Tensor2D; weights: ModelWeights; unit: number }): Tensor2D {
  const normed = rmsNorm({ x, weights, name: 'merger.ln_q', epsilon: EPSILON })
  const blocks: Tensor2D = reshape(normed, [x.shape[0] / unit, x.shape[1] * unit])
  const inner = gelu(linear({ x: blocks, weights, name: 'merger.mlp.0' }))
  return linear({ x: inner, weights, name: 'merger.mlp.2' })
}

function inverseOrder(order: readonly number[]): Int32Array {
  const inverse = new Int32Array(order.length)
  for (const [place, block] of order.entries()) inverse[block] = place
  return inverse
}
