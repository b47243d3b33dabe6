import type { Message } from '../../core/message.js'
import { BOARD_LAYOUTS } from '../../data/card-board/board-layout.js'
import type { BoardTask } from '../../data/card-board/board-task.js'
import type { BoardPlan } from '../../data/card-board/plan-board.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { openingMessages } from '../../agent/opening-messages.js'
import { cropPixels } from './crop-pixels.js'
import type { MiniSample, MiniTaskName } from './mini-sample.js'
import { answerTurn, DIRECT_PROMPT, LOOKS, placedText, QUESTIONS } from './phrases.js'
import { viewImage, type ViewBounds } from './view-image.js'
import { CAPTION_PREFIXES, EMPTY_CELL } from './vocabulary.js'

export type BaseTaskName = Exclude<MiniTaskName, 'trajectory' | 'sheet'>

/** One question of the base stage and its answer: a single turn without tools, over a board or, for `digits`, over the crop of a card. */
export async function baseSample({
  task,
  board,
  view,
}: {
  task: BaseTaskName
  board: BoardTask
  view: ViewBounds
}): Promise<MiniSample> {
  const image =
    task === 'digits'
      ? cropPixels({ image: board.canonical, box: board.plan.asked.box })
      : await board.given()
  const messages: Message<PixelImage>[] = openingMessages({
    prompt: task === 'direct' ? DIRECT_PROMPT : '',
    question: questionOf({ task, board }),
    images: [viewImage({ image, view })],
    sizes: [image],
    tools: 'none',
    feedback: 'standard',
  })
  messages.push({ role: 'assistant', content: [{ type: 'text', text: answerOf({ task, board }) }] })
  return { task, board, messages, turns: [{ kind: 'answer', isLearned: true }], calls: [] }
}

function questionOf({ task, board }: { task: BaseTaskName; board: BoardTask }): string {
  switch (task) {
    case 'places':
      return QUESTIONS.places(board.plan.asked.colour)
    case 'direct':
      return board.question
    case 'colours':
    case 'digits':
    case 'numbers':
    case 'orientation':
      return QUESTIONS[task]
  }
}

function answerOf({ task, board: { plan, answer } }: { task: BaseTaskName; board: BoardTask }): string {
  switch (task) {
    case 'colours':
      return [CAPTION_PREFIXES.colours, ...cellNames(plan)].join(' ')
    case 'places':
      return `${CAPTION_PREFIXES.places} ${placedText(plan.asked)}`
    case 'numbers':
      return [
        CAPTION_PREFIXES.numbers,
        ...plan.cards.map(({ colour, number }) => `${colour} ${number}`),
      ].join(' ')
    case 'digits':
      return answer
    case 'orientation':
      return LOOKS[plan.transform]
    case 'direct':
      return answerTurn({ thought: null, answer })
  }
}

/** The colour of every cell, row by row. */
function cellNames({ family, cards }: BoardPlan): string[] {
  const { columns, rows } = BOARD_LAYOUTS[family]
  const names = Array.from({ length: columns * rows }, (): string => EMPTY_CELL)
  for (const { cell, colour } of cards) names[cell] = colour
  return names
}
