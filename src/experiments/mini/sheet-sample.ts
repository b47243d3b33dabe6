import { openingMessages } from '../../agent/opening-messages.js'
import type { Message } from '../../core/message.js'
import type { BoardGlyphs } from '../../data/card-board/board-glyphs.js'
import { BOARD_LAYOUTS } from '../../data/card-board/board-layout.js'
import type { BoardTask } from '../../data/card-board/board-task.js'
import type { Random } from '../../data/demo/random.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { drawSheet } from './draw-sheet.js'
import type { MiniSample } from './mini-sample.js'
import { QUESTIONS } from './phrases.js'
import { viewImage, type ViewBounds } from './view-image.js'
import { CAPTION_PREFIXES } from './vocabulary.js'

/** Many digits to read at once, as large and as sharp as in the crop of a card: what dense captions are to places, a sheet is to digits. */
export function sheetSample({
  board,
  glyphs,
  random,
  view,
}: {
  /** Not shown. */
  board: BoardTask
  glyphs: BoardGlyphs
  random: Random
  view: ViewBounds
}): MiniSample {
  const { image, digits } = drawSheet({ glyphs, random, side: BOARD_LAYOUTS.find.card.width })
  const messages: Message<PixelImage>[] = openingMessages({
    prompt: '',
    question: QUESTIONS.sheet,
    images: [viewImage({ image, view })],
    sizes: [image],
    tools: 'none',
    feedback: 'standard',
  })
  messages.push({
    role: 'assistant',
    content: [{ type: 'text', text: `${CAPTION_PREFIXES.sheet} ${digits}` }],
  })
  return { task: 'sheet', board, messages, turns: [{ kind: 'answer', isLearned: true }], calls: [] }
}
