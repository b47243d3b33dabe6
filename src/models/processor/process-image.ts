import sharp from 'sharp'
import type { ImageInput } from '../vision/image-input.js'
import { bicubicResize } from './bicubic-resize.js'
import { normalisePatches } from './normalise-patches.js'
import { pixelPatches } from './pixel-patches.js'
import type { ProcessorConfig } from './processor-config.js'
import { smartResize } from './smart-resize.js'

/** An image cut into patches, and how they lie. */
export interface ProcessedImage extends ImageInput {
  /** The patches as bytes, a still image's one time of each: [patches × (3 × patchSize²)]. `patches` are made of them when they are first asked for. */
  readonly pixels: Uint8Array
  /** Visual tokens it becomes. */
  readonly tokens: number
}

/** Decode an image file, bring it to a size that divides into patches within the bounds, and cut it. @throws UsageError when it is far too long or wide; sharp's own error when it is no image. */
export async function processImage({
  bytes,
  config,
}: {
  bytes: Uint8Array
  config: ProcessorConfig
}): Promise<ProcessedImage> {
  const { data, info } = await sharp(bytes, { ignoreIcc: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { patchSize, mergeSize, minPixels, maxPixels } = config
  const { width, height, channels } = info
  const to = smartResize({ width, height, factor: patchSize * mergeSize, minPixels, maxPixels })
  const resized = bicubicResize({ pixels: data, width, height, channels, to })
  const { pixels, grid } = pixelPatches({ ...config, pixels: resized, ...to })
  let patches: Float32Array | undefined
  return {
    pixels,
    grid,
    tokens: (grid.height * grid.width) / mergeSize ** 2,
    get patches() {
      return (patches ??= normalisePatches({ pixels, config }))
    },
  }
}
