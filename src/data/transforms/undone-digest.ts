import { createHash } from 'node:crypto'
import { exactPipeline } from './exact-pipeline.js'
import { inverseOf } from './inverse.js'
import type { Orientation } from '../../core/orientation.js'
import { oriented } from './oriented.js'

/**
 * What tells the pixels of an image, after its transformation has been undone, from any other pixels: SHA-256 over size, channels, depth and samples. The canonical
 * image with `none`, and a lossless transformation of it with that transformation, have the same. The decoded image is held while it is made.
 * @throws UsageError for CMYK; the library's own error when the image cannot be decoded.
 */
export async function undoneDigest({
  bytes,
  transform,
}: {
  bytes: Uint8Array
  /** What was applied to the image. */
  transform: Orientation
}): Promise<string> {
  const { pipeline, depth } = await exactPipeline(bytes)
  const { data, info } = await oriented(pipeline, inverseOf(transform))
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
  return createHash('sha256')
    .update([info.width, info.height, info.channels, depth].join(' '))
    .update(data)
    .digest('hex')
}
