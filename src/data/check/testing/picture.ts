import sharp from 'sharp'
import { createRandom } from '../../demo/random.js'

/** A smooth picture in colour, without symmetry; another seed, another picture. A PNG file. */
export async function picture({
  seed,
  width = 120,
  height = 90,
}: {
  seed: string
  width?: number
  height?: number
}): Promise<Buffer> {
  const random = createRandom({ seed })
  const coarse = Uint8Array.from({ length: 6 * 5 * 3 }, () => random.integer(0, 255))
  return sharp(coarse, { raw: { width: 6, height: 5, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .png()
    .toBuffer()
}
