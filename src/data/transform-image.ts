import sharp, { type Sharp } from 'sharp'
import { UsageError } from '../core/errors.js'
import type { Transform } from '../core/transform.js'

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
  transform: Transform
}): Promise<PixelImage> {
  const pipeline = sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
  const kept = pipeline.toColourspace(channels < 3 ? 'b-w' : 'srgb')
  const { data: moved, info } = await applied(kept, transform).raw().toBuffer({ resolveWithObject: true })
  return { data: moved, width: info.width, height: info.height, channels }
}

/**
 * Apply a transformation to an image file and give it back as PNG, with exactly the pixels that PIL would read from the file: colour profiles and EXIF orientation are not applied,
 * 16 bits stay 16 bits.
 * @throws UsageError when the bytes are no image that can be decoded, or one that PNG cannot hold without loss (CMYK).
 */
export async function transformImage({
  bytes,
  transform,
}: {
  bytes: Uint8Array
  transform: Transform
}): Promise<Buffer> {
  try {
    const pipeline = sharp(bytes, { ignoreIcc: true, limitInputPixels: false })
    const { space, depth, channels } = await pipeline.metadata()
    if (space === 'cmyk') throw new UsageError('expected an image in RGB or grey, got CMYK; convert it first')
    const deep = depth === 'ushort'
    const grey = channels !== undefined && channels < 3
    const kept = pipeline.toColourspace(grey ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb')
    return await applied(kept, transform).png({ compressionLevel: 6 }).toBuffer()
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(
      `expected an image file, got ${bytes.length} bytes that cannot be decoded: ${String(cause)}`,
      {
        cause,
      },
    )
  }
}

/** The library rotates clockwise. */
function applied(pipeline: Sharp, transform: Transform): Sharp {
  switch (transform) {
    case 'none':
      return pipeline
    case 'rotate_90':
      return pipeline.rotate(270)
    case 'rotate_180':
      return pipeline.rotate(180)
    case 'rotate_270':
      return pipeline.rotate(90)
    case 'flip_horizontal':
      return pipeline.flop()
    case 'flip_vertical':
      return pipeline.flip()
  }
}
