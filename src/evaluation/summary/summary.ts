import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { benchmarkFigures, type BenchmarkFigures } from './benchmark-figures.js'
import { creditOf, isScored } from './credit.js'
import type { SampleDigest } from './digest.js'
import { groupBy } from './group-by.js'
import { questionsHash } from './questions-hash.js'
import { ratesOf, type Rates } from './rates.js'
import { clusteredMean } from '../statistics/clustered-mean.js'
import type { Interval } from '../statistics/wilson.js'
import { unitInterval } from '../statistics/unit-interval.js'

export type { Rates } from './rates.js'

/** What a summary says about the run besides its numbers. */
export interface SummaryHead {
  suite: string
  policy: { name: string; model: string }
  /** Scoring profile; numbers of different profiles do not belong in one column. */
  scoring: string
  /** Model of the judge, or `none`. */
  judge: string
  /** How its replies were read; null where there is none, or only one way. */
  judgeReading: string | null
  epochs: number
  /** Samples that the run consists of: rows × epochs. */
  planned: number
}

/** summary.json: a pure function of the samples, without times, dates, costs and attempts. Version 1 had no more of `Rates` than its counts, and no categories. */
export interface Summary extends SummaryHead {
  schemaVersion: 2
  /** Of what was asked ({@link questionsHash}), where the run is complete that of all its questions; absent in summaries of older versions. */
  questions?: string
  /** Every planned sample was scored, those that cannot be set aside. */
  isComplete: boolean
  overall: Rates
  /** Every transformation that occurs, in the order of the paper. */
  byTransform: Partial<Record<Transform, Rates>>
  /** Mean over the six transformations, each weighing the same, as the paper's tables average; null where one of them is missing. */
  average: { value: number; interval: Interval | null } | null
  /** By the kinds of question that the benchmark reports, in order of the alphabet; samples without one are in none. */
  byCategory: Record<string, Rates>
  /** What the benchmark reports of itself by its own rule; null: plain accuracy. */
  benchmark: BenchmarkFigures | null
}

/** Summarize samples; their order does not matter. */
export function summarize({
  head,
  digests,
}: {
  head: SummaryHead
  digests: readonly SampleDigest[]
}): Summary {
  // Sums of fractions depend on their order in the last digit.
  const sorted = [...digests].sort((a, b) => (a.key < b.key ? -1 : 1))
  const overall = ratesOf(sorted)
  const transforms = groupBy(sorted, ({ transform }) => transform)
  const categories = groupBy(
    sorted.filter(({ category }) => category !== null),
    ({ category }) => category ?? '',
  )
  return {
    schemaVersion: 2,
    ...head,
    questions: questionsHash(sorted.map(({ taskKey }) => taskKey)),
    isComplete: overall.n > 0 && overall.n + overall.unusable === head.planned,
    overall,
    byTransform: Object.fromEntries(
      TRANSFORMS.flatMap((name) => {
        const members = transforms.get(name)
        return members === undefined ? [] : [[name, ratesOf(members)]]
      }),
    ),
    average: averageOf(sorted),
    byCategory: Object.fromEntries(
      [...categories].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => [name, ratesOf(members)]),
    ),
    benchmark: benchmarkFigures({ digests: sorted }),
  }
}

function averageOf(digests: readonly SampleDigest[]): Summary['average'] {
  const scored = digests.filter(isScored)
  if (new Set(scored.map(({ transform }) => transform)).size < TRANSFORMS.length) return null
  const found = clusteredMean(
    scored.map((digest) => ({
      cluster: digest.cluster,
      stratum: digest.transform,
      value: creditOf(digest),
    })),
  )
  return found && { value: found.mean, interval: unitInterval(found) }
}
