import sharp, { type Sharp } from 'sharp'
import { UsageError } from '../../core/errors.js'

/**
 * Open an image file so that exactly the pixels come out that PIL would read from it: colour profiles and EXIF orientation are not applied, grey stays grey, 16 bits stay
 * 16 bits; of a palette, its colours.
 * @throws UsageError for CMYK, which PNG cannot hold without loss; the library's own error when the bytes are no image.
 */
export async function exactPipeline(
  bytes: Uint8Array,
): Promise<{ pipeline: Sharp; depth: 'uchar' | 'ushort' }> {
  const pipeline = sharp(bytes, { ignoreIcc: true, limitInputPixels: false })
  const { space, depth, channels } = await pipeline.metadata()
  if (space === 'cmyk') throw new UsageError('expected an image in RGB or grey, got CMYK; convert it first')
  const isDeep = depth === 'ushort'
  const isGrey = channels !== undefined && channels < 3
  return {
    pipeline: pipeline.toColourspace(isGrey ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb'),
    depth: isDeep ? 'ushort' : 'uchar',
  }
}
