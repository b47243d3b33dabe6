import type { PixelImage } from '../transforms/transform-pixels.js'
import { CARD_COLOURS } from '../mini-world/scene-content.js'
import type { BoardGlyphs } from './board-glyphs.js'
import { BANNER_HEIGHT, BOARD_SIDE } from './board-layout.js'
import { colourOf, paintBox, paintMask, type Painting } from './paint.js'
import type { BoardCard, BoardPlan } from './plan-board.js'

const DARK = colourOf('#1a1a1a')
const WHITE = colourOf('#ffffff')
const BANNER = colourOf('#20242b')
const LIGHT_CARDS: readonly string[] = ['yellow', 'orange', 'pink', 'white']
const BANNER_LEFT = 20
/** Board that is left around a card within its box, in pixels. */
const RIM = 3

/** Draw a board upright, RGB, pixel by pixel. */
export function drawBoard({ plan, glyphs }: { plan: BoardPlan; glyphs: BoardGlyphs }): PixelImage {
  const painting = {
    data: new Uint8Array(BOARD_SIDE * BOARD_SIDE * 3),
    width: BOARD_SIDE,
    height: BOARD_SIDE,
  }
  paintBox({ painting, box: [0, 0, BOARD_SIDE, BOARD_SIDE], colour: colourOf(plan.background) })
  paintBox({ painting, box: [0, 0, BOARD_SIDE, BANNER_HEIGHT], colour: BANNER })
  const { banner } = glyphs
  const top = Math.round((BANNER_HEIGHT - banner.height) / 2)
  paintMask({ painting, mask: banner, left: BANNER_LEFT, top, colour: WHITE })
  for (const card of plan.cards) drawCard({ painting, card, digits: glyphs.digits[plan.family] })
  return { ...painting, channels: 3 }
}

function drawCard({
  painting,
  card: { colour, number, box, shift },
  digits,
}: {
  painting: Painting
  card: BoardCard
  digits: BoardGlyphs['digits']['find']
}): void {
  const [left, top, right, bottom] = box
  const face = [left + RIM, top + RIM, right - RIM, bottom - RIM] as const
  paintBox({ painting, box: face, colour: colourOf(CARD_COLOURS[colour]) })
  const masks = [...number].flatMap((digit) => digits[Number(digit)] ?? [])
  const width = masks.reduce((sum, mask) => sum + mask.width, 0)
  let pen = Math.round((left + right - width) / 2) + shift.x
  for (const mask of masks) {
    const y = Math.round((top + bottom - mask.height) / 2) + shift.y
    const ink = LIGHT_CARDS.includes(colour) ? DARK : WHITE
    paintMask({ painting, mask, left: pen, top: y, colour: ink })
    pen += mask.width
  }
}
