import { concat, gather, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core'
import type { VisionConfig } from '../config/model-config.js'
import type { ModelWeights } from '../weights/model-weights.js'
import type { ImageInput } from './image-input.js'
import { qwen25Vision } from './qwen25-vision.js'
import { qwen3Vision } from './qwen3-vision.js'
import type { VisionOutput } from './vision-output.js'

/** Visual tokens of at least one image by the tower that the configuration describes, all computed together. Call it within `tidy`. */
export function runVision({
  images,
  config,
  weights,
}: {
  images: readonly ImageInput[]
  config: VisionConfig
  weights: ModelWeights
}): VisionOutput {
  // Images of one grid side by side attend in one product.
  const order = [...images.keys()].sort((a, b) => compare(images[a], images[b]))
  const sorted = order.flatMap((at) => images[at] ?? [])
  const tower = config.windows === null ? qwen3Vision : qwen25Vision
  const { tokens, deepStack } = tower({
    patches: stacked(sorted),
    grids: sorted.map(({ grid }) => grid),
    config,
    weights,
  })
  if (order.every((from, at) => from === at)) return { tokens, deepStack }
  const back = tensor1d(restored({ order, images, unit: config.mergeSize ** 2 }), 'int32')
  return { tokens: gather(tokens, back), deepStack: deepStack.map((added): Tensor2D => gather(added, back)) }
}

function compare(a: ImageInput | undefined, b: ImageInput | undefined): number {
  if (a === undefined || b === undefined) return 0
  return b.grid.height - a.grid.height || b.grid.width - a.grid.width
}

function stacked(images: readonly ImageInput[]): Tensor2D {
  const each = images.map(({ patches, grid }) => {
    const rows = grid.height * grid.width
    return tensor2d(patches, [rows, patches.length / rows])
  })
  const [only] = each
  return each.length === 1 && only !== undefined ? only : concat(each, 0)
}

/** For each visual token in the order of `images`, its row in the order that was computed. */
function restored({
  order,
  images,
  unit,
}: {
  order: readonly number[]
  images: readonly ImageInput[]
  unit: number
}): Int32Array {
  const tokensOf = (at: number): number => {
    const { height = 0, width = 0 } = images[at]?.grid ?? {}
    return (height * width) / unit
  }
  const firsts = new Map<number, number>()
  let row = 0
  for (const at of order) {
    firsts.set(at, row)
    row += tokensOf(at)
  }
  const rows = new Int32Array(row)
  let next = 0
  for (const at of images.keys())
    for (let token = 0; token < tokensOf(at); token++) rows[next++] = (firsts.get(at) ?? 0) + token
  return rows
}
