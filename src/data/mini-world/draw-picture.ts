import sharp, { type Sharp } from 'sharp'
import type { Canvas } from '../demo/canvas.js'

/** A drawing as a pipeline of its pixels, in RGB. */
export function drawPicture(canvas: Canvas): Sharp {
  return sharp(Buffer.from(canvas.svg())).removeAlpha().toColourspace('srgb')
}
