import { CORE_TOOLS } from '../../../reward/tools.js'
import type { SampleRow } from '../../report-data.js'

/** What samples are told apart by; each facet holds the chosen values, any of which a sample must have. */
export const FACETS = ['outcome', 'transform', 'calls', 'tool', 'category', 'turns'] as const

export type Facet = (typeof FACETS)[number]

export interface Filters {
  chosen: Readonly<Record<Facet, readonly string[]>>
  /** Searched for in name, question, accepted answers and answer, whatever the case. */
  query: string
}

export const NO_FILTERS: Filters = {
  chosen: { outcome: [], transform: [], calls: [], tool: [], category: [], turns: [] },
  query: '',
}

export interface Filtered {
  rows: SampleRow[]
  /** For each facet: how many samples each value would leave if its own facet chose nothing else. */
  counts: Record<Facet, Map<string, number>>
}

/** Values of a sample in a facet. */
export function valuesOf(row: SampleRow, facet: Facet): readonly string[] {
  switch (facet) {
    case 'outcome':
      return [row.ending]
    case 'transform':
      return [row.transform]
    case 'tool':
      return row.tools
    case 'category':
      return row.category === null ? [] : [row.category]
    case 'turns':
      return row.turns < 0 ? [] : [String(row.turns)]
    case 'calls':
      return [
        ...(row.failedCalls > 0 ? ['failed'] : []),
        ...(row.isRecovered ? ['recovered'] : []),
        ...(row.tools.some((tool) => !CORE_TOOLS.has(tool)) ? ['emergent'] : []),
        ...(row.calls === 0 && row.turns >= 0 ? ['none'] : []),
      ]
  }
}

/** The samples that pass, in the order given, and what further choices would leave; one pass over all of them. */
export function filterSamples(rows: readonly SampleRow[], { chosen, query }: Filters): Filtered {
  const passed: SampleRow[] = []
  const counts = emptyCounts()
  const sought = query.trim().toLowerCase()
  for (const row of rows) {
    if (sought !== '' && !searchable(row).includes(sought)) continue
    const values = FACETS.map((facet) => valuesOf(row, facet))
    const failing = FACETS.filter((facet, index) => {
      const wanted = chosen[facet]
      return wanted.length > 0 && !wanted.some((value) => values[index]?.includes(value))
    })
    if (failing.length === 0) passed.push(row)
    if (failing.length > 1) continue
    FACETS.forEach((facet, index) => {
      if (failing.length === 1 && failing[0] !== facet) return
      for (const value of values[index] ?? []) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1)
    })
  }
  return { rows: passed, counts }
}

export const isFiltered = ({ chosen, query }: Filters): boolean =>
  query.trim() !== '' || FACETS.some((facet) => chosen[facet].length > 0)

/** The same filters with a value chosen, or not any more. */
export function toggled(filters: Filters, facet: Facet, value: string): Filters {
  const before = filters.chosen[facet]
  const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value]
  return { ...filters, chosen: { ...filters.chosen, [facet]: after } }
}

const texts = new WeakMap<SampleRow, string>()

function searchable(row: SampleRow): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const text = [row.id, row.question, row.answers, row.answer ?? '', row.key].join('\n').toLowerCase()
  texts.set(row, text)
  return text
}

function emptyCounts(): Filtered['counts'] {
  return {
    outcome: new Map(),
    transform: new Map(),
    calls: new Map(),
    tool: new Map(),
    category: new Map(),
    turns: new Map(),
  }
}
