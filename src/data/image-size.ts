import sharp from 'sharp'
import { UsageError } from '../core/errors.js'
import { undecodable } from './undecodable.js'

/**
 * Size of an image file in pixels as they are stored (EXIF orientation is not applied), from its header.
 * @throws UsageError when the bytes are no image, or one that cannot be transformed without loss (CMYK).
 */
export async function imageSize(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  const { width, height, space } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw undecodable({ bytes, cause })
    })
  if (space === 'cmyk') throw new UsageError('expected an image in RGB or grey, got CMYK; convert it first')
  return { width, height }
}
