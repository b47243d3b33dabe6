import sharp, { type Sharp } from 'sharp'
import { UsageError } from '../../core/errors.js'
import type { Transform } from '../../core/transform.js'
import { imageSize } from '../../data/image-size.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { transformPixels, type PixelImage } from '../../data/transforms/transform-pixels.js'
import { undecodable } from '../../data/undecodable.js'

/**
 * The upright pixels of an image file, once what was applied to it is undone: 8 bits, RGB, transparent parts over white, colour profile and EXIF orientation not
 * applied. Everything in curation is compared with these, and the task's image is made of them, so it does not matter which decoder read the file.
 * @throws UsageError when the bytes are no image that can be decoded, or one in CMYK.
 */
export async function canonicalPixels({
  bytes,
  applied,
  size = {},
}: {
  bytes: Uint8Array
  applied: Transform
  /** Of the upright image; where it has another one, it is resized: the release's environment would do so to every input. */
  size?: { width?: number; height?: number }
}): Promise<PixelImage> {
  await imageSize(bytes)
  const image = await rgbPixels(bytes).catch((cause: unknown) => {
    if (cause instanceof UsageError) throw cause
    throw undecodable({ bytes, cause })
  })
  const upright = applied === 'none' ? image : await transformPixels({ image, transform: inverseOf(applied) })
  const { width = upright.width, height = upright.height } = size
  if (width === upright.width && height === upright.height) return upright
  const resized = rawOf(upright).resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
  return { data: await resized.raw().toBuffer(), width, height, channels: 3 }
}

function rawOf({ data, width, height, channels }: PixelImage): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
}

/** The pixels of an image file as it lies, in the same form. */
export async function rgbPixels(bytes: Uint8Array): Promise<PixelImage> {
  const pipeline = sharp(bytes, { ignoreIcc: true, limitInputPixels: false })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3)
    throw new UsageError(`expected an image in RGB or grey, got ${info.channels} channels`)
  return { data, width: info.width, height: info.height, channels: 3 }
}

/** A PNG file of pixels. */
export function encodePixels(image: PixelImage): Promise<Buffer> {
  return rawOf(image).png({ compressionLevel: 6 }).toBuffer()
}
