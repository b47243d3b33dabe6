import type { SceneItem } from './scene-content.js'
import type { Style } from './vocabulary.js'

/** How questions speak of a style. */
export interface StyleWords {
  /** The whole: `the receipt`. */
  whole: string
  /** Beginning of a question for one value. */
  which: string
  /** One value: `number`, `amount`. */
  value: string
  /** Where a value stands: `on the red card`. */
  at: (item: Pick<SceneItem, 'label' | 'column'>) => string
  /** A number as it is written. */
  write: (number: number) => string
}

const whole = (number: number): string => String(number)
const nextTo = ({ label }: Pick<SceneItem, 'label'>): string => `next to '${label}'`

export const STYLE_WORDS: Readonly<Record<Style, StyleWords>> = {
  cards: {
    whole: 'the board',
    which: 'Which number stands',
    value: 'number',
    at: ({ label }) => `on the ${label} card`,
    write: whole,
  },
  receipt: {
    whole: 'the receipt',
    which: 'What amount is printed',
    value: 'amount',
    at: ({ label }) => `for '${label}'`,
    write: (cents) => (cents / 100).toFixed(2),
  },
  sign: {
    whole: 'the sign',
    which: 'Which room number stands',
    value: 'room number',
    at: nextTo,
    write: whole,
  },
  table: {
    whole: 'the table',
    which: 'Which number is given',
    value: 'number',
    at: ({ label, column }) => `for '${label}' in the column '${column ?? ''}'`,
    write: whole,
  },
  chart: {
    whole: 'the chart',
    which: 'Which number is written',
    value: 'number',
    at: ({ label }) => `at the bar '${label}'`,
    write: whole,
  },
  note: {
    whole: 'the note',
    which: 'Which number is written',
    value: 'number',
    at: nextTo,
    write: whole,
  },
}
