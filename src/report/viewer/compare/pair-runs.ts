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
}

/** Pair the samples of two runs by their keys, which say question, answers, images and epoch. */
export function pairRuns(a: readonly SampleRow[], b: readonly SampleRow[]): Pairing {
  const others = new Map(b.map((row) => [row.key, row]))
  const pairs = a.flatMap((row): Pair[] => {
    const other = others.get(row.key)
    if (other === undefined || row.value === null || other.value === null) return []
    return [{ key: row.key, a: row, b: other, kind: kindOf(row, other) }]
  })
  const keys = new Set([...a, ...b].map(({ key }) => key))
  return { pairs, unpaired: keys.size - pairs.length }
}

/** Whether a pair is of a kind; `flips` are those that only one run got right. */
export function isOfKind({ kind }: Pair, wanted: PairKind): boolean {
  return wanted === 'all' || kind === wanted || (wanted === 'flips' && (kind === 'gained' || kind === 'lost'))
}

function kindOf(a: SampleRow, b: SampleRow): Pair['kind'] {
  const [before, after] = [a.ending === 'correct', b.ending === 'correct']
  if (before === after) return after ? 'both-right' : 'both-wrong'
  return after ? 'gained' : 'lost'
}
