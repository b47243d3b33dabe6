import { mcnemarExact } from '../statistics/mcnemar.js'
import { newcombePaired } from '../statistics/newcombe-paired.js'
import { pairedBootstrap } from '../statistics/paired-bootstrap.js'
import type { Interval } from '../statistics/wilson.js'

/** One sample that both runs have scored. */
export interface Pair {
  /** Pairs of one cluster are not independent of each other. */
  cluster: string
  a: Graded
  b: Graded
}

export interface Graded {
  correct: boolean
  /** What the answer earned, from 0 to 1. */
  credit: number
}

/** What pairs tell of B against A; shares from 0 to 1, differences B − A, intervals of 95 %. */
export interface PairedFigures {
  n: number
  /** Fewer than n: variants of a question, or epochs of a task; then McNemar and Newcombe, which take pairs as independent, say too much, and the bootstrap counts. */
  clusters: number
  accuracyA: number
  accuracyB: number
  difference: number
  /** Newcombe's for paired proportions. */
  newcombe: Interval
  /** Of the same difference, drawing clusters; null with fewer than two, and where all differ alike, such as not at all. */
  bootstrap: Interval | null
  /** Pairs in which B earned more: A wrong, B right, or more credit where the scoring gives parts of it. */
  gained: number
  /** Pairs in which A earned more. */
  lost: number
  /** Exact, two-sided, of `gained` and `lost`: McNemar's test where answers are right or wrong, the sign test where they earn parts. */
  mcnemar: number
  /** Means of partial credit and their difference; null where both give none, so that the accuracies say everything. */
  credit: { a: number; b: number; difference: number; bootstrap: Interval | null } | null
}

/** Null for no pair. */
export function pairedFigures(pairs: readonly Pair[]): PairedFigures | null {
  const n = pairs.length
  if (n === 0) return null
  const count = (isIn: (pair: Pair) => boolean): number => pairs.filter(isIn).length
  const both = count(({ a, b }) => a.correct && b.correct)
  const first = count(({ a, b }) => a.correct && !b.correct)
  const second = count(({ a, b }) => !a.correct && b.correct)
  const gained = count(({ a, b }) => b.credit > a.credit)
  const lost = count(({ a, b }) => b.credit < a.credit)
  return {
    n,
    clusters: new Set(pairs.map(({ cluster }) => cluster)).size,
    accuracyA: (both + first) / n,
    accuracyB: (both + second) / n,
    difference: (second - first) / n,
    newcombe: newcombePaired({ both, first, second, neither: n - both - first - second }),
    bootstrap: bootstrapOf(pairs, ({ correct }) => Number(correct)),
    gained,
    lost,
    mcnemar: mcnemarExact({ gained, lost }),
    credit: creditOf(pairs),
  }
}

function creditOf(pairs: readonly Pair[]): PairedFigures['credit'] {
  const isPartial = ({ correct, credit }: Graded): boolean => credit !== Number(correct)
  if (!pairs.some(({ a, b }) => isPartial(a) || isPartial(b))) return null
  const mean = (side: 'a' | 'b'): number =>
    pairs.reduce((total, pair) => total + pair[side].credit, 0) / pairs.length
  const [a, b] = [mean('a'), mean('b')]
  return { a, b, difference: b - a, bootstrap: bootstrapOf(pairs, ({ credit }) => credit) }
}

function bootstrapOf(pairs: readonly Pair[], value: (graded: Graded) => number): Interval | null {
  return pairedBootstrap({
    differences: pairs.map(({ cluster, a, b }) => ({ cluster, value: value(b) - value(a) })),
  })
}
