import type { SampleRow } from '../../report-data.js'

/** Ways to order samples; `order` is that of the data set. */
export const SORTS = ['order', 'turns', 'errors', 'time', 'tokens', 'score'] as const

export type Sort = (typeof SORTS)[number]

export const SORT_NAMES: Readonly<Record<Sort, string>> = {
  order: 'As in the data set',
  turns: 'Most turns first',
  errors: 'Most failed calls first',
  time: 'Slowest first',
  tokens: 'Most tokens first',
  score: 'Lowest score first',
}

/** A sorted copy; samples that are equal keep their order. */
export function sortSamples(rows: readonly SampleRow[], sort: Sort): SampleRow[] {
  const amount = AMOUNTS[sort]
  return amount === null ? [...rows] : [...rows].sort((a, b) => amount(b) - amount(a))
}

const AMOUNTS: Readonly<Record<Sort, ((row: SampleRow) => number) | null>> = {
  order: null,
  turns: ({ turns }) => turns,
  errors: ({ failedCalls }) => failedCalls,
  time: ({ totalMs }) => totalMs,
  tokens: ({ tokens }) => tokens,
  score: ({ value }) => (value === null ? -Infinity : -value),
}
