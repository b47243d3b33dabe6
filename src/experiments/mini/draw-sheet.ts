import type { BoardGlyphs } from '../../data/card-board/board-glyphs.js'
import { colourOf, paintBox, paintMask } from '../../data/card-board/paint.js'
import { CARD_COLOUR_NAMES, type CardColour } from '../../data/card-board/plan-board.js'
import type { Random } from '../../data/demo/random.js'
import { CARD_COLOURS } from '../../data/mini-world/scene-content.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'

const INK = { dark: colourOf('#1a1a1a'), white: colourOf('#ffffff') }
const LIGHT_CARDS: readonly CardColour[] = ['yellow', 'orange', 'pink', 'white']

/** A picture full of digits of cards of the family `find`, each on a colour of its own and anywhere within its cell; and the digits row by row. */
export function drawSheet({
  glyphs,
  random,
  side,
  cells: { columns, rows },
}: {
  glyphs: BoardGlyphs
  random: Random
  /** In pixels. */
  side: number
  cells: { readonly columns: number; readonly rows: number }
}): {
  image: PixelImage
  digits: string
} {
  const masks = glyphs.digits.find
  const [width, height] = [Math.floor(side / columns), Math.floor(side / rows)]
  const needed = {
    width: Math.max(...masks.map((mask) => mask.width)),
    height: Math.max(...masks.map((mask) => mask.height)),
  }
  if (width < needed.width || height < needed.height)
    throw new RangeError(
      `expected cells of at least ${needed.width} × ${needed.height} pixels for digits, got ${width} × ${height}`,
    )
  const painting = { data: new Uint8Array(side * side * 3), width: side, height: side }
  paintBox({ painting, box: [0, 0, side, side], colour: INK.dark })
  // Contrast of either sign at once cancels what a new model could learn of shapes; so half of the pictures have dark ink alone, and in half the digits stand in the middle.
  const isCentred = random.integer(0, 1) === 0
  const names = random.integer(0, 1) === 0 ? LIGHT_CARDS : CARD_COLOUR_NAMES
  const placeIn = (room: number): number => (isCentred ? Math.floor(room / 2) : random.integer(0, room))
  let digits = ''
  for (let cell = 0; cell < columns * rows; cell++) {
    const [left, top] = [(cell % columns) * width, Math.floor(cell / columns) * height]
    const name = random.pick(names)
    const digit = random.integer(0, 9)
    const mask = masks[digit]
    if (mask === undefined) throw new RangeError(`expected ten digits, got ${masks.length}`)
    digits += String(digit)
    const colour = colourOf(CARD_COLOURS[name])
    paintBox({ painting, box: [left, top, left + width, top + height], colour })
    paintMask({
      painting,
      mask,
      left: left + placeIn(width - mask.width),
      top: top + placeIn(height - mask.height),
      colour: LIGHT_CARDS.includes(name) ? INK.dark : INK.white,
    })
  }
  return { image: { ...painting, channels: 3 }, digits }
}
