import sharp from 'sharp'
import type { Transform } from '../../core/transform.js'
import type { Canvas } from '../demo/canvas.js'
import type { Random } from '../demo/random.js'
import { oriented } from '../transforms/oriented.js'
import { corrupt } from './corrupt.js'
import { drawPicture } from './draw-picture.js'
import { encodePicture } from './encode-picture.js'
import type { Corruption } from './vocabulary.js'

/** A drawing as the model is given it, PNG: spoilt first, then transformed. Where nothing spoils it, its pixels go from the drawing into the file without being held. */
export async function renderGiven({
  canvas,
  corruption,
  transform,
  cap,
  random,
}: {
  canvas: Canvas
  corruption: Corruption | null
  transform: Transform
  /** Height of the capitals in question, in pixels. */
  cap: number
  random: Random
}): Promise<Buffer> {
  const drawing = drawPicture(canvas)
  if (corruption === null) return encodePicture(oriented(drawing, transform))
  const { data: clean, info } = await drawing.raw().toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const { data, channels } = await corrupt({
    image: { data: clean, width, height, channels: 3 },
    corruption,
    cap,
    random,
  })
  return encodePicture(oriented(sharp(data, { raw: { width, height, channels } }), transform))
}
