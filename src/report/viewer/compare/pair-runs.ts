import type { SampleRow } from '../../report-data.js'
import type { PairKind } from '../shell/route.js'

/** The same question answered in two runs. */
export interface Pair {
  key: string
  a: SampleRow
  b: SampleRow
  kind: Exclude<PairKind, 'flips' | 'all'>
}

export interface Pairing {
  /** Samples that both runs scored, in the order of the first. */
  pairs: Pair[]
  /** Samples that only one of them has, or that were scored in only one. */
  unpaired: number
  /** Whether answers can earn a part of the credit in one of the runs. */
  isPartial: boolean
}

/** Pair the samples of two runs by their keys, which say question, answers, images and epoch. */
export function pairRuns(a: readonly SampleRow[], b: readonly SampleRow[]): Pairing {
  const others = new Map(b.map((row) => [row.key, row]))
  const pairs = a.flatMap((row): Pair[] => {
    const other = others.get(row.key)
    if (other === undefined || row.value === null || other.value === null) return []
    return [{ key: row.key, a: row, b: other, kind: kindOf(row.value, other.value) }]
  })
  const keys = new Set([...a, ...b].map(({ key }) => key))
  const isPartial = pairs.some(({ a, b }) => [a.value, b.value].some((value) => value !== 0 && value !== 1))
  return { pairs, unpaired: keys.size - pairs.length, isPartial }
}

/** Whether a pair is of a kind; `flips` are those that earned more in one run than in the other. */
export function isOfKind({ kind }: Pair, wanted: PairKind): boolean {
  return wanted === 'all' || kind === wanted || (wanted === 'flips' && (kind === 'gained' || kind === 'lost'))
}

/** @param before, after what the answers earned, from 0 to 1. */
function kindOf(before: number, after: number): Pair['kind'] {
  if (before === after) return after === 1 ? 'both-right' : 'both-wrong'
  return after > before ? 'gained' : 'lost'
}
