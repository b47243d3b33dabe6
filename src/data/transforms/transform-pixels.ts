import sharp from 'sharp'
import type { Orientation } from '../../core/orientation.js'
import { oriented } from './oriented.js'

/** Pixels row by row: width × height × channels bytes. */
export interface PixelImage {
  data: Uint8Array
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
}

/** Apply a transformation to pixels; only their places change. Rotations are counter-clockwise, as PIL's. */
export async function transformPixels({
  image: { data, width, height, channels },
  transform,
}: {
  image: PixelImage
  transform: Orientation
}): Promise<PixelImage> {
  const pipeline = sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
  const kept = pipeline.toColourspace(channels < 3 ? 'b-w' : 'srgb')
  const { data: moved, info } = await oriented(kept, transform).raw().toBuffer({ resolveWithObject: true })
  return { data: moved, width: info.width, height: info.height, channels }
}
