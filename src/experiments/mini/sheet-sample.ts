import { openingMessages } from '../../agent/opening-messages.js'
import type { Message } from '../../core/message.js'
import type { BoardGlyphs } from '../../data/card-board/board-glyphs.js'
import { BOARD_LAYOUTS } from '../../data/card-board/board-layout.js'
import type { BoardTask } from '../../data/card-board/board-task.js'
import type { Random } from '../../data/demo/random.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { drawSheet, type SheetLayout } from './draw-sheet.js'
import type { MiniSample } from './mini-sample.js'
import { QUESTIONS } from './phrases.js'
import { viewImage, type ViewBounds } from './view-image.js'
import { CAPTION_PREFIXES } from './vocabulary.js'

/** Side of the view that one visual token covers, in pixels. */
const TOKEN = 32
const GLYPH_VIEW: ViewBounds = { minPixels: TOKEN ** 2, maxPixels: TOKEN ** 2 }
/** As large as a visual token in a view of 128 × 128 pixels, of a picture of 80. */
const CELL = 20
const SHEETS = {
  glyph: [{ side: CELL, columns: 1, rows: 1, cell: CELL }],
  tiles: [{ side: 4 * CELL, columns: 4, rows: 4, cell: CELL }],
  sheet: [
    { side: 4 * CELL, columns: 3, rows: 3, cell: CELL },
    { side: BOARD_LAYOUTS.find.card.width, columns: 3, rows: 3, cell: CELL },
  ],
} as const satisfies Record<string, readonly SheetLayout[]>

export type SheetTaskName = keyof typeof SHEETS

/**
 * Digits to read, one or many at once: what dense captions are to places, sheets are to digits. `glyph` is one digit in one visual token, from which a new model learns shapes; `tiles` has as many as a
 * view has tokens, each in its own. Those of `sheet` lie across the edges of tokens, a little or half and half, and are as small as in `tiles` or as large as in the crop of a card.
 */
export function sheetSample({
  task,
  board,
  glyphs,
  random,
  view,
}: {
  task: SheetTaskName
  /** Not shown. */
  board: BoardTask
  glyphs: BoardGlyphs
  random: Random
  view: ViewBounds
}): MiniSample {
  const { image, digits } = drawSheet({ glyphs, random, layout: random.pick<SheetLayout>(SHEETS[task]) })
  const messages: Message<PixelImage>[] = openingMessages({
    prompt: '',
    question: QUESTIONS.sheet,
    images: [viewImage({ image, view: task === 'glyph' ? GLYPH_VIEW : view })],
    sizes: [image],
    tools: 'none',
    feedback: 'standard',
  })
  messages.push({
    role: 'assistant',
    content: [{ type: 'text', text: `${CAPTION_PREFIXES.sheet} ${digits}` }],
  })
  return { task, board, messages, turns: [{ kind: 'answer', isLearned: true }], calls: [] }
}
