import type { BoardGlyphs } from '../../data/card-board/board-glyphs.js'
import { colourOf, paintBox, paintMask } from '../../data/card-board/paint.js'
import { CARD_COLOUR_NAMES } from '../../data/card-board/plan-board.js'
import type { Random } from '../../data/demo/random.js'
import { CARD_COLOURS } from '../../data/mini-world/scene-content.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'

const INK = { dark: colourOf('#1a1a1a'), white: colourOf('#ffffff') }
const LIGHT_CARDS: readonly string[] = ['yellow', 'orange', 'pink', 'white']
/** Room around a digit within its cell, in pixels. */
const PLAY = { x: 4, y: 2 }

/** A picture as large as a card of the family `find`, full of its digits, each on a colour of its own and a little off its place; and the digits row by row. */
export function drawSheet({ glyphs, random, side }: { glyphs: BoardGlyphs; random: Random; side: number }): {
  image: PixelImage
  digits: string
} {
  const masks = glyphs.digits.find
  const width = Math.max(...masks.map((mask) => mask.width)) + PLAY.x
  const height = Math.max(...masks.map((mask) => mask.height)) + PLAY.y
  const [columns, rows] = [Math.floor(side / width), Math.floor(side / height)]
  const painting = { data: new Uint8Array(side * side * 3), width: side, height: side }
  paintBox({ painting, box: [0, 0, side, side], colour: INK.dark })
  let digits = ''
  for (let cell = 0; cell < columns * rows; cell++) {
    const [left, top] = [(cell % columns) * width, Math.floor(cell / columns) * height]
    const name = random.pick(CARD_COLOUR_NAMES)
    const digit = random.integer(0, 9)
    const mask = masks[digit]
    if (mask === undefined) throw new RangeError(`expected ten digits, got ${masks.length}`)
    digits += String(digit)
    const colour = colourOf(CARD_COLOURS[name])
    paintBox({ painting, box: [left, top, left + width, top + height], colour })
    paintMask({
      painting,
      mask,
      left: left + random.integer(0, width - mask.width),
      top: top + random.integer(0, height - mask.height),
      colour: LIGHT_CARDS.includes(name) ? INK.dark : INK.white,
    })
  }
  return { image: { ...painting, channels: 3 }, digits }
}
