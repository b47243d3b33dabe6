import type { ModelConfig } from '../../models/config/model-config.js'
import { ropePositions } from '../../models/positions/rope-positions.js'
import type { ImageInput } from '../../models/vision/image-input.js'
import type { TrainingSegment } from '../../models/train/training-segment.js'
import type { ShapedArray } from './arrays.js'

/** Sequences one after the other, as the engine takes them: `ids`, `mask` [tokens], `lengths` [sequences], `positions` [3, tokens], and their images. */
export function sequenceArrays({
  segments,
  config,
}: {
  segments: readonly TrainingSegment[]
  config: ModelConfig
}): Record<string, ShapedArray> {
  const total = segments.reduce((sum, { ids }) => sum + ids.length, 0)
  const ids = new Int32Array(total)
  const mask = new Uint8Array(total)
  const positions = new Int32Array(3 * total)
  let start = 0
  for (const segment of segments) {
    ids.set(segment.ids, start)
    mask.set(segment.mask, start)
    const { axes } = ropePositions({
      ids: segment.ids,
      imagePad: config.tokens.imagePad,
      grids: tokenGrids({ images: segment.images, config }),
    })
    for (const [axis, places] of axes.entries()) positions.set(places, axis * total + start)
    start += segment.ids.length
  }
  return {
    ids: { values: ids, shape: [total] },
    mask: { values: mask, shape: [total] },
    lengths: { values: Int32Array.from(segments, (segment) => segment.ids.length), shape: [segments.length] },
    positions: { values: positions, shape: [3, total] },
    ...imageArrays(segments.flatMap(({ images }) => images)),
  }
}

/** `patches` [patches, values of one] and `grids` [images, 2], in patches; nothing where there are no images. */
export function imageArrays(images: readonly ImageInput[]): Record<string, ShapedArray> {
  if (images.length === 0) return {}
  const counts = images.map(({ grid }) => grid.height * grid.width)
  const count = counts.reduce((sum, own) => sum + own, 0)
  const values = images.reduce((sum, { patches }) => sum + patches.length, 0)
  const all = new Float32Array(values)
  let start = 0
  for (const { patches } of images) {
    all.set(patches, start)
    start += patches.length
  }
  const grids = Int32Array.from(images.flatMap(({ grid }) => [grid.height, grid.width]))
  return {
    patches: { values: all, shape: [count, values / count] },
    grids: { values: grids, shape: [images.length, 2] },
  }
}

function tokenGrids({
  images,
  config,
}: {
  images: readonly ImageInput[]
  config: ModelConfig
}): { height: number; width: number }[] {
  const { mergeSize } = config.vision
  return images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
}
