import type { ModelConfig } from '../../models/config/model-config.js'
import { ropePositions } from '../../models/positions/rope-positions.js'
import { byteLevels, LEVELS } from '../../models/processor/byte-levels.js'
import type { CutImage } from '../../models/processor/pixel-patches.js'
import type { ProcessorConfig } from '../../models/processor/processor-config.js'
import type { TrainingSegment } from '../../models/train/training-segment.js'
import type { ShapedArray } from './arrays.js'

/** Sequences one after the other, as the engine takes them: `ids`, `mask` [tokens], `lengths` [sequences], `positions` [3, tokens], and their images. */
export function sequenceArrays({
  segments,
  config,
  processor,
}: {
  segments: readonly TrainingSegment<CutImage>[]
  config: ModelConfig
  processor: ProcessorConfig
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
    ...imageArrays({ images: segments.flatMap(({ images }) => images), processor }),
  }
}

/**
 * `pixels` [patches, 3, side²] as bytes, `levels` [3, 256]: what each byte becomes by channel, and `grids` [images, 2], in patches; nothing where there are no images. What the engine looks up there is
 * what the processor computes, bit for bit, in an eighth of the bytes.
 */
export function imageArrays({
  images,
  processor,
}: {
  images: readonly CutImage[]
  processor: ProcessorConfig
}): Record<string, ShapedArray> {
  if (images.length === 0) return {}
  const area = processor.patchSize ** 2
  const all = new Uint8Array(images.reduce((sum, { pixels }) => sum + pixels.length, 0))
  let start = 0
  for (const { pixels } of images) {
    all.set(pixels, start)
    start += pixels.length
  }
  const grids = Int32Array.from(images.flatMap(({ grid }) => [grid.height, grid.width]))
  return {
    pixels: { values: all, shape: [all.length / (3 * area), 3, area] },
    levels: { values: byteLevels(processor), shape: [3, LEVELS] },
    grids: { values: grids, shape: [images.length, 2] },
  }
}

function tokenGrids({
  images,
  config,
}: {
  images: readonly CutImage[]
  config: ModelConfig
}): { height: number; width: number }[] {
  const { mergeSize } = config.vision
  return images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
}
