import type { Random } from '../demo/random.js'
import { makeCodes, makeNames } from '../demo/words.js'
import type { Kind, Style } from './vocabulary.js'

/** What stands beside a name: a number, or dots to be counted. */
export type ItemValue =
  | { kind: 'number'; number: number }
  | {
      kind: 'dots'
      /** Places of the dots in a grid of {@link DOT_COLUMNS} by {@link DOT_ROWS}, row by row. */
      cells: readonly number[]
      /** Of each dot, as a share of the distance between places. */
      radius: number
    }

export const DOT_COLUMNS = 8
export const DOT_ROWS = 3

export interface SceneItem {
  /** Name by which the question tells the item from others; of a card, its colour; of a cell, its row. */
  label: string
  /** Heading of the column, in tables only. */
  column: string | null
  value: ItemValue
}

/** What a scene says, whatever it looks like. */
export interface SceneContent {
  heading: string
  /** In reading order; of a table, row by row. */
  items: readonly SceneItem[]
  /** A code at the foot. */
  code: string
}

/** Colours of cards, told apart at any size. */
export const CARD_COLOURS = {
  red: '#c62828',
  blue: '#1e56b8',
  green: '#2e7d32',
  yellow: '#f7d21e',
  orange: '#ef7d12',
  purple: '#7b1fa2',
  pink: '#f48fb1',
  white: '#fafafa',
} as const

/** Cards stand in so many columns. */
export const CARD_COLUMNS = 2

const COLUMNS = ['May', 'June', 'July'] as const
const FEWEST_DOTS = 3
/** In hundredths of the distance between places. */
const RADIUS = [24, 34] as const

/** Names and places of values; `fillContent` gives them values. */
export interface ContentOutline {
  heading: string
  places: readonly Pick<SceneItem, 'label' | 'column'>[]
}

/** Choose what a scene is about: names that nobody can know, as many as asked; a table has two columns or three. */
export function outlineContent({
  random,
  style,
  count,
}: {
  random: Random
  style: Style
  count: number
}): ContentOutline {
  const [heading = '', ...names] = makeNames({ random, count: 9 })
  switch (style) {
    case 'cards': {
      const colours = random.shuffle(Object.keys(CARD_COLOURS))
      return { heading, places: colours.slice(0, count).map((label) => ({ label, column: null })) }
    }
    case 'table': {
      const columns = COLUMNS.slice(0, count > 4 ? 3 : 2)
      const rows = names.slice(0, Math.max(2, Math.min(count, 6)))
      return { heading, places: rows.flatMap((label) => columns.map((column) => ({ label, column }))) }
    }
    case 'receipt':
    case 'sign':
    case 'chart':
    case 'note':
      return { heading, places: names.slice(0, count).map((label) => ({ label, column: null })) }
  }
}

/** Give an outline its values: numbers of so many digits, all different, or dots where they are to be counted. */
export function fillContent({
  random,
  outline: { heading, places },
  kind,
  digits,
}: {
  random: Random
  outline: ContentOutline
  kind: Kind
  digits: number
}): SceneContent {
  const used = new Set<number>()
  const number = (): number => {
    const drawn = random.integer(10 ** (digits - 1), 10 ** digits - 1)
    if (used.has(drawn)) return number()
    used.add(drawn)
    return drawn
  }
  // Neither the extent of the dots nor how much ink there is may tell how many they are: both can be seen where single dots cannot.
  const dots = (): ItemValue => {
    const places = random.shuffle(Array.from({ length: DOT_COLUMNS * DOT_ROWS }, (_, cell) => cell))
    const count = random.integer(FEWEST_DOTS, places.length)
    return { kind: 'dots', cells: places.slice(0, count), radius: random.integer(...RADIUS) / 100 }
  }
  const value = (): ItemValue => (kind === 'count' ? dots() : { kind: 'number', number: number() })
  const [code = ''] = makeCodes({ random, count: 1 })
  return { heading, items: places.map((place) => ({ ...place, value: value() })), code }
}
