import sharp from 'sharp'
import type { Inspection } from './inspection.js'
import { THUMBNAIL_SIDE as SIDE } from './thumbnail.js'

/** What Pillow opens at the most before it takes a file for a decompression bomb. */
const MAX_PIXELS = 178_956_970

/** Decode an image file, every row of it, and keep a thumbnail. Pixels pass in strips: memory does not grow with the image, unless its format is read as a whole. */
export async function inspectImage(bytes: Uint8Array): Promise<Inspection> {
  try {
    const file = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, ignoreIcc: true })
    const { width, height } = await file.metadata()
    const thumbnail = await file
      .flatten({ background: 'white' })
      .resize(SIDE, SIDE, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer()
    return { isDecodable: true, width, height, thumbnail: Uint8Array.from(thumbnail) }
  } catch (cause) {
    return { isDecodable: false, reason: firstLine(cause) }
  }
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? ''
}
