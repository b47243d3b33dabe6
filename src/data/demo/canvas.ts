import type { Box } from '../../core/transform.js'
import { loadTypeface, type TypefaceName } from './typeface.js'

export interface TextStyle {
  font: TypefaceName
  /** Pixels per em. */
  size: number
  colour: string
  /** Which point of the text stands at `x`. */
  align?: 'left' | 'centre' | 'right'
}

/** A vector drawing in pixels, without any font left in it. */
export interface Canvas {
  readonly width: number
  readonly height: number
  rectangle(box: Box, style: { fill: string; stroke?: string; radius?: number }): void
  line(ends: { from: readonly [number, number]; to: readonly [number, number] }, colour: string): void
  /** Draws text on the baseline `y`; answers the box it takes, from ascender to descender. */
  text(text: string, place: { x: number; y: number }, style: TextStyle): Box
  svg(): string
}

export function createCanvas({
  width,
  height,
  background,
}: {
  width: number
  height: number
  background: string
}): Canvas {
  const elements: string[] = []
  const rectangle: Canvas['rectangle'] = (
    [left, top, right, bottom],
    { fill, stroke = 'none', radius = 0 },
  ) => {
    elements.push(
      `<rect x="${left.toString()}" y="${top.toString()}" width="${(right - left).toString()}" height="${(bottom - top).toString()}" ` +
        `rx="${radius.toString()}" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`,
    )
  }
  rectangle([0, 0, width, height], { fill: background })

  return {
    width,
    height,
    rectangle,
    line: ({ from, to }, colour) => {
      elements.push(
        `<path d="M${from.join(' ')}L${to.join(' ')}" stroke="${colour}" stroke-width="2" fill="none"/>`,
      )
    },
    text: (text, { x, y }, { font, size, colour, align = 'left' }) => {
      const typeface = loadTypeface(font)
      const advance = typeface.width(text, size)
      const left = x - advance * { left: 0, centre: 0.5, right: 1 }[align]
      elements.push(`<path d="${typeface.outline(text, { x: left, y, size })}" fill="${colour}"/>`)
      return [
        Math.floor(left),
        Math.floor(y - size * 0.8),
        Math.ceil(left + advance),
        Math.ceil(y + size * 0.25),
      ]
    },
    svg: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toString()}" height="${height.toString()}">${elements.join('')}</svg>`,
  }
}
