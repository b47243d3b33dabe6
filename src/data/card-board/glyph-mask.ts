import { createCanvas } from '../demo/canvas.js'
import { loadTypeface, type TypefaceName } from '../demo/typeface.js'
import { drawPicture } from '../mini-world/draw-picture.js'

/** A text as shares of ink, 0 to 255, row by row; its capitals and digits reach from row `margin` to the row before `height - margin`. */
export interface GlyphMask {
  readonly width: number
  readonly height: number
  readonly ink: Uint8Array
}

/** Rows and columns around the letters for what round shapes overshoot. */
const MARGIN = 2

/** Draw a text once, so that it can be painted often. `cap` is the height of capitals and digits in pixels. */
export async function glyphMask({
  text,
  font,
  cap,
}: {
  text: string
  font: TypefaceName
  cap: number
}): Promise<GlyphMask> {
  const typeface = loadTypeface(font)
  const size = cap / typeface.capHeight
  const width = Math.ceil(typeface.width(text, size)) + 2 * MARGIN
  const height = Math.ceil(cap) + 2 * MARGIN
  const canvas = createCanvas({ width, height, background: '#000000' })
  canvas.text(text, { x: MARGIN, y: MARGIN + Math.ceil(cap) }, { font, size, colour: '#ffffff' })
  const { data, info } = await drawPicture(canvas).raw().toBuffer({ resolveWithObject: true })
  const ink = Uint8Array.from({ length: width * height }, (_, at) => data[at * info.channels] ?? 0)
  return { width, height, ink }
}
