import { UsageError } from '../../core/errors.js'
import { exactPipeline } from './exact-pipeline.js'
import type { Orientation } from '../../core/orientation.js'
import { oriented } from './oriented.js'
import { undecodable } from '../undecodable.js'

/** Filters make photographs a third smaller in the same time, and drawings hardly, in three times the time (docs/data-speed.md). */
const PHOTOGRAPH = { compressionLevel: 2, adaptiveFiltering: true }
const DRAWING = { compressionLevel: 4, adaptiveFiltering: false }

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
  transform: Orientation
}): Promise<Buffer> {
  try {
    const { pipeline, isLossy } = await exactPipeline(bytes)
    return await oriented(pipeline, transform)
      .png(isLossy ? PHOTOGRAPH : DRAWING)
      .toBuffer()
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw undecodable({ bytes, cause })
  }
}
