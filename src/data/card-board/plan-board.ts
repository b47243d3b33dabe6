import type { Box, Transform } from '../../core/transform.js'
import { createRandom, type Random } from '../demo/random.js'
import { CARD_COLOURS } from '../mini-world/scene-content.js'
import { stratified } from '../mini-world/stratified.js'
import type { Family } from '../mini-world/vocabulary.js'
import type { BoardConfig } from './board-config.js'
import { BOARD_GRID, BOARD_LAYOUTS, type BoardLayout } from './board-layout.js'

export type CardColour = keyof typeof CARD_COLOURS
export const CARD_COLOUR_NAMES = Object.keys(CARD_COLOURS) as readonly CardColour[]

export interface BoardCard {
  readonly colour: CardColour
  readonly number: string
  /** Place among the cells of the layout, row by row. */
  readonly cell: number
  /** In pixels of the upright board. */
  readonly box: Box
  /** How far the number stands from the middle of the card. */
  readonly shift: { readonly x: number; readonly y: number }
}

/** What a board is, before it is drawn. */
export interface BoardPlan {
  readonly index: number
  readonly family: Family
  readonly transform: Transform
  readonly background: string
  /** In the order of their cells. */
  readonly cards: readonly BoardCard[]
  /** The one that is asked about. */
  readonly asked: BoardCard
}

const BACKGROUNDS = ['#8a7967', '#5e6b70', '#b9ad98', '#6c7a5c'] as const

/** Plan board `index` of a configuration, whatever others are planned; families and transformations come equally often and independently. */
export function planBoard({ config, index }: { config: BoardConfig; index: number }): BoardPlan {
  const { seed } = config
  const family = stratified({ values: config.families, index, seed: `${seed}/family` })
  const transform = stratified({ values: config.transforms, index, seed: `${seed}/transform` })
  const random = createRandom({ seed: `${seed}/board/${index}` })
  const layout = BOARD_LAYOUTS[family]
  const [least, most] = family === 'find' ? config.cards : config.largeCards
  const colours = random.shuffle(CARD_COLOUR_NAMES).slice(0, random.integer(least, most))
  const cells = random.shuffle(Array.from({ length: layout.columns * layout.rows }, (_, cell) => cell))
  const numbers = distinctNumbers({ random, digits: config.digits, count: colours.length })
  const cards = colours
    .map((colour, at): BoardCard => {
      const cell = cells[at] ?? 0
      const [x, y] = [layout.shift.x, layout.shift.y].map((most) => Math.round(most * config.shift)) as [
        number,
        number,
      ]
      return {
        colour,
        number: numbers[at] ?? '',
        cell,
        box: boxOf({ random, layout, cell, jitter: config.jitter }),
        shift: { x: random.integer(-x, x), y: random.integer(-y, y) },
      }
    })
    .sort((a, b) => a.cell - b.cell)
  return {
    index,
    family,
    transform,
    background: random.pick(BACKGROUNDS),
    cards,
    asked: random.pick(cards),
  }
}

function distinctNumbers({
  random,
  digits,
  count,
}: {
  random: Random
  digits: number
  count: number
}): string[] {
  const [low, high] = digits === 1 ? [0, 9] : [10, 99]
  const all = Array.from({ length: high - low + 1 }, (_, at) => String(low + at))
  return random.shuffle(all).slice(0, count)
}

/** A card's box within its cell, by whole steps of the grid. */
function boxOf({
  random,
  layout: { columns, top: first, cell: size, card },
  cell,
  jitter,
}: {
  random: Random
  layout: BoardLayout
  cell: number
  jitter: number
}): Box {
  const within = (room: number): number => {
    const most = Math.min(jitter, room)
    const start = Math.floor((room - most) / 2 / BOARD_GRID)
    return (start + random.integer(0, Math.floor(most / BOARD_GRID))) * BOARD_GRID
  }
  const left = (cell % columns) * size.width + within(size.width - card.width)
  const top = first + Math.floor(cell / columns) * size.height + within(size.height - card.height)
  return [left, top, left + card.width, top + card.height]
}
