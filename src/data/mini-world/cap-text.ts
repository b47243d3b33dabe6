import type { Box } from '../../core/transform.js'
import type { Canvas, TextStyle } from '../demo/canvas.js'
import { loadTypeface } from '../demo/typeface.js'

/**
 * Write a text whose capital letters are `cap` pixels high, smaller where it would be wider than `maxWidth`.
 * @returns the box from its baseline `y` to the height of its capitals
 */
export function capText({
  canvas,
  text,
  x,
  y,
  cap,
  maxWidth = Infinity,
  ...style
}: Omit<TextStyle, 'size'> & {
  canvas: Canvas
  text: string
  x: number
  y: number
  cap: number
  maxWidth?: number
}): Box {
  const typeface = loadTypeface(style.font)
  const wanted = cap / typeface.capHeight
  const size = wanted * Math.min(1, maxWidth / typeface.width(text, wanted))
  const [left, , right] = canvas.text(text, { x, y }, { ...style, size })
  return [left, Math.floor(y - size * typeface.capHeight), right, Math.ceil(y)]
}
