import sharp from 'sharp'
import { bicubicResize } from './bicubic-resize.js'
import { imagePatches } from './image-patches.js'
import type { ProcessorConfig } from './processor-config.js'
import { smartResize } from './smart-resize.js'

/** Patches of an image and how they lie. */
export interface ProcessedImage {
  /** [patches × (3 × temporalPatchSize × patchSize²)] */
  readonly patches: Float32Array
  /** In patches. */
  readonly grid: { readonly height: number; readonly width: number }
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
  const pixels = bicubicResize({ pixels: data, width, height, channels, to })
  const { patches, grid } = imagePatches({ ...config, pixels, ...to })
  return { patches, grid, tokens: (grid.height * grid.width) / mergeSize ** 2 }
}
