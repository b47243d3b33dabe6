import sharp from 'sharp'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'

/** Both pictures are compared at this side, in pixels: what filters change is small against it. */
const SIDE = 32

/** Correlation of the brightness of two pictures, scaled to the same small square; 0 where one has no contrast. From -1 to 1. */
export async function likeness(a: PixelImage, b: PixelImage): Promise<number> {
  const [left, right] = await Promise.all([thumbnail(a), thumbnail(b)])
  const [meanA, meanB] = [meanOf(left), meanOf(right)]
  let [both, squareA, squareB] = [0, 0, 0]
  for (const [at, value] of left.entries()) {
    const [da, db] = [value - meanA, (right[at] ?? 0) - meanB]
    both += da * db
    squareA += da * da
    squareB += db * db
  }
  return squareA === 0 || squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB)
}

async function thumbnail({ data, width, height, channels }: PixelImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .greyscale()
    .resize(SIDE, SIDE, { fit: 'fill', kernel: 'linear' })
    .normalise()
    .raw()
    .toBuffer()
}

function meanOf(values: Uint8Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}
