import sharp from 'sharp'
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
}: {
  bytes: Uint8Array
  applied: Transform
}): Promise<PixelImage> {
  await imageSize(bytes)
  const image = await rgbPixels(bytes).catch((cause: unknown) => {
    if (cause instanceof UsageError) throw cause
    throw undecodable({ bytes, cause })
  })
  return applied === 'none' ? image : transformPixels({ image, transform: inverseOf(applied) })
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
export function encodePixels({ data, width, height, channels }: PixelImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .png({ compressionLevel: 6 })
    .toBuffer()
}
