import sharp from 'sharp'
import type { PixelImage } from '../transforms/transform-pixels.js'

/** PNG of a picture. Drawings have large even areas: hardly a byte is gained by more effort. */
export async function encodePicture({ data, width, height, channels }: PixelImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels } })
    .png({ compressionLevel: 4, adaptiveFiltering: false })
    .toBuffer()
}
