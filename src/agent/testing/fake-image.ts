import sharp from 'sharp'
import type { SandboxImage } from '../../core/image.js'

/** A real small RGB image of one colour. */
export function fakeImage({
  width = 8,
  height = 6,
  colour = [200, 30, 30],
  isAnimated = false,
}: {
  width?: number
  height?: number
  colour?: readonly [number, number, number]
  isAnimated?: boolean
} = {}): SandboxImage {
  const pixels = Buffer.from(Array.from({ length: width * height }, () => colour).flat())
  return {
    width,
    height,
    mode: 'RGB',
    sourceMode: 'RGB',
    isAnimated,
    pixels: () => Promise.resolve(pixels),
    png: () =>
      sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer(),
  }
}
