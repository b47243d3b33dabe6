import { byteLevels, LEVELS } from './byte-levels.js'
import type { ProcessorConfig } from './processor-config.js'

/** Patches of bytes, as `pixelPatches` cuts them, scaled and normalised by channel. A still image fills all times with the same pixels. [patches × (3 × temporalPatchSize × patchSize²)] */
export function normalisePatches({
  pixels,
  config,
}: {
  pixels: Uint8Array
  config: Pick<ProcessorConfig, 'patchSize' | 'temporalPatchSize' | 'scale' | 'mean' | 'deviation'>
}): Float32Array {
  const levels = byteLevels(config)
  const area = config.patchSize ** 2
  const patches = new Float32Array(pixels.length * config.temporalPatchSize)
  let at = 0
  for (let from = 0, channel = 0; from < pixels.length; from += area, channel = (channel + 1) % 3) {
    const first = at
    for (let pixel = from; pixel < from + area; pixel++)
      patches[at++] = levels[channel * LEVELS + (pixels[pixel] ?? 0)] ?? 0
    for (let time = 1; time < config.temporalPatchSize; time++, at += area)
      patches.copyWithin(at, first, first + area)
  }
  return patches
}
