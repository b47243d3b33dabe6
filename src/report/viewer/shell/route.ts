import { FACETS, type Facet, type Filters } from '../samples/filters.js'
import { SORTS, type Sort } from '../samples/sort-samples.js'

export type View = 'overview' | 'samples' | 'compare'

/** How the two answers of a pair relate; `all`: any pair. */
export const PAIR_KINDS = ['flips', 'gained', 'lost', 'both-right', 'both-wrong', 'all'] as const
export type PairKind = (typeof PAIR_KINDS)[number]

/** Where the reader is: all of it stands in the page's address. */
export interface Route {
  view: View
  /** Which run, from 0. */
  run: number
  /** Key of the open sample, or of the open pair when runs are compared. */
  sample: string | null
  /** Open turn of that sample, from 0. */
  turn: number
  filters: Filters
  sort: Sort
  /** The runs that are compared. */
  pair: { a: number; b: number; kind: PairKind }
}

/** Read the part of an address behind `#`. A key alone, as links from tables have it (`sample=KEY`), opens that sample. */
export function parseRoute(hash: string): Route {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const sample = values.get('sample')
  const view = oneOf<View>(
    ['overview', 'samples', 'compare'],
    values.get('view'),
    sample === null ? 'overview' : 'samples',
  )
  const chosen = Object.fromEntries(FACETS.map((facet) => [facet, values.getAll(facet)])) as Record<
    Facet,
    string[]
  >
  return {
    view,
    run: count(values.get('run'), 0),
    sample,
    turn: count(values.get('turn'), 0),
    filters: { chosen, query: values.get('q') ?? '' },
    sort: oneOf(SORTS, values.get('sort'), 'order'),
    pair: {
      a: count(values.get('a'), 0),
      b: count(values.get('b'), 1),
      kind: oneOf(PAIR_KINDS, values.get('kind'), 'flips'),
    },
  }
}

/** The same as text, without what is as usual; {@link parseRoute} reads it back. */
export function formatRoute({ view, run, sample, turn, filters, sort, pair }: Route): string {
  const values = new URLSearchParams()
  const usual: View = sample === null ? 'overview' : 'samples'
  if (view !== usual) values.set('view', view)
  if (run !== 0) values.set('run', String(run))
  for (const facet of FACETS) for (const value of filters.chosen[facet]) values.append(facet, value)
  if (filters.query !== '') values.set('q', filters.query)
  if (sort !== 'order') values.set('sort', sort)
  if (pair.a !== 0) values.set('a', String(pair.a))
  if (pair.b !== 1) values.set('b', String(pair.b))
  if (pair.kind !== 'flips') values.set('kind', pair.kind)
  if (sample !== null) values.set('sample', sample)
  if (sample !== null && turn !== 0) values.set('turn', String(turn))
  return `#${values.toString()}`
}

function count(text: string | null, usual: number): number {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : usual
}

function oneOf<Value extends string>(
  known: readonly Value[],
  text: string | null,
  usual: NoInfer<Value>,
): Value {
  return known.find((value) => value === text) ?? usual
}
