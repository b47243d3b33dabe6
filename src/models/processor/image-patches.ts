import type { ImageInput } from '../vision/image-input.js'
import { normalisePatches } from './normalise-patches.js'
import { pixelPatches } from './pixel-patches.js'
import type { ProcessorConfig } from './processor-config.js'

/** Cut an image (8-bit RGB, row by row; sides multiples of patch size × merge size) into patches as the model takes them, scaled and normalised. */
export function imagePatches({
  pixels,
  width,
  height,
  config,
}: {
  pixels: Uint8Array
  width: number
  height: number
  config: ProcessorConfig
}): ImageInput {
  const cut = pixelPatches({ ...config, pixels, width, height })
  return { patches: normalisePatches({ pixels: cut.pixels, config }), grid: cut.grid }
}
