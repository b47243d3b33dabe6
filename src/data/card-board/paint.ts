import type { Box } from '../../core/transform.js'
import type { GlyphMask } from './glyph-mask.js'

export type Colour = readonly [red: number, green: number, blue: number]

/** A picture to paint on: RGB, row by row. */
export interface Painting {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** `#rrggbb` as numbers. */
export function colourOf(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** Fill a box, which must lie within the painting. */
export function paintBox({
  painting: { data, width },
  box: [left, top, right, bottom],
  colour: [red, green, blue],
}: {
  painting: Painting
  box: Box
  colour: Colour
}): void {
  const first = (top * width + left) * 3
  const length = (right - left) * 3
  for (let at = first; at < first + length; at += 3) {
    data[at] = red
    data[at + 1] = green
    data[at + 2] = blue
  }
  for (let row = top + 1; row < bottom; row++)
    data.copyWithin((row * width + left) * 3, first, first + length)
}

/** Paint a mask's ink with its upper left corner at (left, top); it must lie within the painting. */
export function paintMask({
  painting: { data, width },
  mask,
  left,
  top,
  colour,
}: {
  painting: Painting
  mask: GlyphMask
  left: number
  top: number
  colour: Colour
}): void {
  for (let row = 0; row < mask.height; row++)
    for (let column = 0; column < mask.width; column++) {
      const ink = mask.ink[row * mask.width + column] ?? 0
      if (ink === 0) continue
      const at = ((top + row) * width + left + column) * 3
      for (let channel = 0; channel < 3; channel++) {
        const under = data[at + channel] ?? 0
        data[at + channel] = Math.round(under + ((colour[channel] ?? 0) - under) * (ink / 255))
      }
    }
}
