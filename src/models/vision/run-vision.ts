import { concat, gather, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core'
import type { VisionConfig } from '../config/model-config.js'
import type { ModelWeights } from '../weights/model-weights.js'
import type { ImageInput } from './image-input.js'
import { qwen25Vision } from './qwen25-vision.js'
import { qwen3Vision } from './qwen3-vision.js'
import type { VisionOutput } from './vision-output.js'

/** Visual tokens of at least one image by the tower that the configuration describes, all computed together; one that is there twice (the same object) is computed once. Call it within `tidy`. */
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
  const sorted = [...new Set(images)].sort(byGrid)
  const tower = config.windows === null ? qwen3Vision : qwen25Vision
  const { tokens, deepStack } = tower({
    patches: stacked(sorted),
    grids: sorted.map(({ grid }) => grid),
    config,
    weights,
  })
  if (images.length === sorted.length && images.every((image, at) => image === sorted[at]))
    return { tokens, deepStack }
  const rows = tensor1d(rowsOf({ images, sorted, unit: config.mergeSize ** 2 }), 'int32')
  return { tokens: gather(tokens, rows), deepStack: deepStack.map((added): Tensor2D => gather(added, rows)) }
}

function byGrid({ grid: a }: ImageInput, { grid: b }: ImageInput): number {
  return b.height - a.height || b.width - a.width
}

function stacked(images: readonly ImageInput[]): Tensor2D {
  const each = images.map(({ patches, grid }) => {
    const rows = grid.height * grid.width
    return tensor2d(patches, [rows, patches.length / rows])
  })
  const [only] = each
  return each.length === 1 && only !== undefined ? only : concat(each, 0)
}

/** For each visual token of `images` its row among those of `sorted`. */
function rowsOf({
  images,
  sorted,
  unit,
}: {
  images: readonly ImageInput[]
  sorted: readonly ImageInput[]
  unit: number
}): Int32Array {
  const tokensOf = ({ grid }: ImageInput): number => (grid.height * grid.width) / unit
  const firsts = new Map<ImageInput, number>()
  let next = 0
  for (const image of sorted) {
    firsts.set(image, next)
    next += tokensOf(image)
  }
  return Int32Array.from(
    images.flatMap((image) => {
      const first = firsts.get(image) ?? 0
      return Array.from({ length: tokensOf(image) }, (_, token) => first + token)
    }),
  )
}
