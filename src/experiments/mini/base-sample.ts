import type { Message } from '../../core/message.js'
import { BOARD_LAYOUTS } from '../../data/card-board/board-layout.js'
import type { BoardTask } from '../../data/card-board/board-task.js'
import type { BoardCard, BoardPlan } from '../../data/card-board/plan-board.js'
import type { Random } from '../../data/demo/random.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import { openingMessages } from '../../agent/opening-messages.js'
import { cropPixels } from './crop-pixels.js'
import type { MiniSample, MiniTaskName } from './mini-sample.js'
import { answerTurn, DIRECT_PROMPT, LOOKS, placedText, QUESTIONS, readText } from './phrases.js'
import { viewImage, type ViewBounds } from './view-image.js'
import { CAPTION_PREFIXES, EMPTY_CELL } from './vocabulary.js'

export type BaseTaskName = Exclude<MiniTaskName, 'trajectory' | 'reading' | 'glyph' | 'tiles' | 'sheet'>

/** Questions of the base stage and their answers, without tools, over a board: one, or for `places` one about every card, in any order; for `digits` one about the crop of each card, one crop after the other. */
export async function baseSample({
  task,
  board,
  random,
  view,
}: {
  task: BaseTaskName
  board: BoardTask
  random: Random
  view: ViewBounds
}): Promise<MiniSample> {
  const [first, ...more] = exchangesOf({ task, board, random })
  const image = first.crop ?? (await board.given())
  const messages: Message<PixelImage>[] = openingMessages({
    prompt: task === 'direct' ? DIRECT_PROMPT : '',
    question: first.question,
    images: [viewImage({ image, view })],
    sizes: [image],
    tools: 'none',
    feedback: 'standard',
  })
  messages.push(textMessage('assistant', first.answer))
  for (const [place, { question, answer, crop }] of more.entries()) {
    const asked = textMessage('user', question)
    if (crop !== undefined)
      asked.content.unshift({ type: 'image', index: place + 1, image: viewImage({ image: crop, view }) })
    messages.push(asked, textMessage('assistant', answer))
  }
  return {
    task,
    board,
    messages,
    turns: [first, ...more].map(() => ({ kind: 'answer', isLearned: true })),
    calls: [],
  }
}

type SingleTaskName = Exclude<BaseTaskName, 'places' | 'digits'>

interface Exchange {
  readonly question: string
  readonly answer: string
  /** What the question is about, where it is not about the board. */
  readonly crop?: PixelImage
}

function exchangesOf({
  task,
  board,
  random,
}: {
  task: BaseTaskName
  board: BoardTask
  random: Random
}): [Exchange, ...Exchange[]] {
  const { plan } = board
  if (task !== 'places' && task !== 'digits')
    return [{ question: questionOf({ task, board }), answer: answerOf({ task, board }) }]
  const others = random.shuffle(plan.cards.filter((card) => card !== plan.asked))
  const image = board.canonical
  const exchange = (card: BoardCard, place: number): Exchange =>
    task === 'places' ? placeExchange(card) : digitsExchange({ card, place, image, random })
  return [exchange(plan.asked, 0), ...others.map((card, at) => exchange(card, at + 1))]
}

/** Later crops are read while earlier ones are there to be confused with, as at the end of a trajectory, and from as far: what stands between picture and number is of several lengths. */
function digitsExchange({
  card: { colour, number, box },
  place,
  image,
  random,
}: {
  card: BoardCard
  place: number
  image: PixelImage
  random: Random
}): Exchange {
  const crop = cropPixels({ image, box })
  const told = `Image ${place} (${crop.width} × ${crop.height} pixels) is the result.`
  return {
    question: random.pick([QUESTIONS.digits, told, `${told} ${QUESTIONS.digits}`]),
    answer: answerTurn({ thought: readText({ colour, number }), answer: number }),
    crop,
  }
}

function placeExchange(card: BoardCard): Exchange {
  return {
    question: QUESTIONS.places(card.colour),
    answer: `${CAPTION_PREFIXES.places} ${placedText(card)}`,
  }
}

function textMessage(role: 'user' | 'assistant', text: string): Message<PixelImage> {
  return { role, content: [{ type: 'text', text }] }
}

function questionOf({ task, board }: { task: SingleTaskName; board: BoardTask }): string {
  switch (task) {
    case 'direct':
      return board.question
    case 'boxes':
    case 'colours':
    case 'numbers':
    case 'orientation':
      return QUESTIONS[task]
  }
}

function answerOf({ task, board: { plan, answer } }: { task: SingleTaskName; board: BoardTask }): string {
  switch (task) {
    case 'colours':
      return [CAPTION_PREFIXES.colours, ...cellNames(plan)].join(' ')
    case 'boxes':
      return [CAPTION_PREFIXES.places, ...plan.cards.map(placedText)].join(' ')
    case 'numbers':
      return [
        CAPTION_PREFIXES.numbers,
        ...plan.cards.map(({ colour, number }) => `${colour} ${number}`),
      ].join(' ')
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
