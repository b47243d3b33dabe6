import type { BoardGlyphs } from '../../data/card-board/board-glyphs.js'
import { colourOf, paintBox, paintMask } from '../../data/card-board/paint.js'
import { CARD_COLOUR_NAMES, type CardColour } from '../../data/card-board/plan-board.js'
import type { Random } from '../../data/demo/random.js'
import { CARD_COLOURS } from '../../data/mini-world/scene-content.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'

const INK = { dark: colourOf('#1a1a1a'), white: colourOf('#ffffff') }
const LIGHT_CARDS: readonly CardColour[] = ['yellow', 'orange', 'pink', 'white']

/** What a sheet is like, in pixels. */
export interface SheetLayout {
  readonly side: number
  readonly columns: number
  readonly rows: number
  /** Side of a cell, which holds one digit. */
  readonly cell: number
}

/**
 * A picture with digits of cards of the family `find` in rows and columns, each on a colour of its own; and the digits row by row. In half of them each digit is in the middle of its cell; in the others digits are
 * anywhere in it, and where there is room the cells lie off the upper left corner, more often by little than by much.
 */
export function drawSheet({
  glyphs,
  random,
  layout: { side, columns, rows, cell: size },
}: {
  glyphs: BoardGlyphs
  random: Random
  layout: SheetLayout
}): {
  image: PixelImage
  digits: string
} {
  const masks = glyphs.digits.find
  const needed = Math.max(...masks.flatMap(({ width, height }) => [width, height]))
  if (size < needed)
    throw new RangeError(`expected cells of at least ${needed} pixels for digits, got ${size}`)
  const painting = { data: new Uint8Array(side * side * 3), width: side, height: side }
  paintBox({ painting, box: [0, 0, side, side], colour: INK.dark })
  // Contrast of either sign at once cancels what a new model could learn of shapes; so half of the pictures have dark ink alone.
  const isCentred = random.integer(0, 1) === 0
  const names = random.integer(0, 1) === 0 ? LIGHT_CARDS : CARD_COLOUR_NAMES
  const placeIn = (room: number): number => (isCentred ? Math.floor(room / 2) : random.integer(0, room))
  const [across, down] = [columns, rows].map((count) =>
    isCentred ? 0 : random.integer(0, random.integer(0, side - count * size)),
  ) as [number, number]
  let digits = ''
  for (let cell = 0; cell < columns * rows; cell++) {
    const [left, top] = [across + (cell % columns) * size, down + Math.floor(cell / columns) * size]
    const name = random.pick(names)
    const digit = random.integer(0, 9)
    const mask = masks[digit]
    if (mask === undefined) throw new RangeError(`expected ten digits, got ${masks.length}`)
    digits += String(digit)
    const colour = colourOf(CARD_COLOURS[name])
    paintBox({ painting, box: [left, top, left + size, top + size], colour })
    paintMask({
      painting,
      mask,
      left: left + placeIn(size - mask.width),
      top: top + placeIn(size - mask.height),
      colour: LIGHT_CARDS.includes(name) ? INK.dark : INK.white,
    })
  }
  return { image: { ...painting, channels: 3 }, digits }
}
