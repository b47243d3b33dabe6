import sharp from 'sharp'
import type { Canvas } from '../demo/canvas.js'
import type { PixelImage } from '../transforms/transform-pixels.js'

/** Pixels of a drawing, in RGB. */
export async function drawPicture(canvas: Canvas): Promise<PixelImage> {
  const drawing = sharp(Buffer.from(canvas.svg())).removeAlpha().toColourspace('srgb')
  const { data, info } = await drawing.raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: 3 }
}
