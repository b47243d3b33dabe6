import sharp, { type Sharp } from 'sharp'
import { UsageError } from '../../core/errors.js'

const LOSSY: readonly string[] = ['jpeg', 'webp', 'heif', 'jxl']

/**
 * Open an image file so that exactly the pixels come out that PIL would read from it: colour profiles and EXIF orientation are not applied, grey stays grey, 16 bits stay
 * 16 bits; of a palette, its colours.
 * @throws UsageError for CMYK, which PNG cannot hold without loss; the library's own error when the bytes are no image.
 */
export async function exactPipeline(bytes: Uint8Array): Promise<{
  pipeline: Sharp
  depth: 'uchar' | 'ushort'
  /** Whether the file was compressed with loss, as photographs and scans are, and drawings seldom. */
  isLossy: boolean
}> {
  const pipeline = sharp(bytes, { ignoreIcc: true, limitInputPixels: false })
  const { space, depth, channels, format } = await pipeline.metadata()
  if (space === 'cmyk') throw new UsageError('expected an image in RGB or grey, got CMYK; convert it first')
  const isDeep = depth === 'ushort'
  const isGrey = channels !== undefined && channels < 3
  return {
    pipeline: pipeline.toColourspace(isGrey ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb'),
    depth: isDeep ? 'ushort' : 'uchar',
    isLossy: LOSSY.includes(format),
  }
}
