import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { creditOf, isScored } from './credit.js'
import type { SampleDigest } from './digest.js'
import { groupBy } from './group-by.js'
import { clusteredMean } from '../statistics/clustered-mean.js'
import type { Interval } from '../statistics/wilson.js'
import { unitInterval } from '../statistics/unit-interval.js'

/** What a benchmark reports of itself, by its own rule, for each transformation. */
export type BenchmarkFigures =
  | { kind: 'ocrbench'; byTransform: PerTransform<OcrBenchFigures> }
  | { kind: 'chartqapro'; byTransform: PerTransform<ChartQaProFigures> }
  | { kind: 'hrbench'; byTransform: PerTransform<HrBenchFigures> }

type PerTransform<Figures> = Partial<Record<Transform, Figures>>

/** Questions that were answered right: the sum over all 1000, and by type of question. */
export interface OcrBenchFigures extends Points {
  byCategory: Record<string, Points>
}

export interface Points {
  score: number
  of: number
}

/** Mean credit over all questions (micro average), and by type of question. */
export interface ChartQaProFigures extends Mean {
  byType: Record<string, Mean>
}

export interface Mean {
  n: number
  mean: number
}

/** Accuracy of each rotation of the options, and their mean, over all questions and by category (`single`, `cross`). */
export interface HrBenchFigures {
  byRotation: Record<string, Record<string, Mean>>
  mean: Record<string, { value: number; interval: Interval | null }>
}

/** Null for a benchmark that reports plain accuracy. */
export function benchmarkFigures({ digests }: { digests: readonly SampleDigest[] }): BenchmarkFigures | null {
  const scored = digests.filter(isScored)
  if (scored.length === 0) return null
  if (scored.every(({ rotation }) => rotation !== null))
    return { kind: 'hrbench', byTransform: each(scored, hrBench) }
  if (scored.every(({ scorer }) => scorer === 'ocrbench'))
    return { kind: 'ocrbench', byTransform: each(scored, ocrBench) }
  if (scored.every(({ scorer }) => scorer === 'chartqapro'))
    return { kind: 'chartqapro', byTransform: each(scored, chartQaPro) }
  return null
}

function each<Figures>(
  scored: readonly SampleDigest[],
  figures: (samples: readonly SampleDigest[]) => Figures,
): PerTransform<Figures> {
  const groups = groupBy(scored, ({ transform }) => transform)
  return Object.fromEntries(
    TRANSFORMS.flatMap((transform) => {
      const samples = groups.get(transform)
      return samples === undefined ? [] : [[transform, figures(samples)]]
    }),
  )
}

function ocrBench(samples: readonly SampleDigest[]): OcrBenchFigures {
  const points = (members: readonly SampleDigest[]): Points => ({
    score: members.filter(({ outcome }) => outcome === 'correct').length,
    of: members.length,
  })
  return { ...points(samples), byCategory: byCategory(samples, points) }
}

function chartQaPro(samples: readonly SampleDigest[]): ChartQaProFigures {
  return { ...meanOf(samples), byType: byCategory(samples, meanOf) }
}

function hrBench(samples: readonly SampleDigest[]): HrBenchFigures {
  const parts: [string, SampleDigest[]][] = [
    ['all', [...samples]],
    ...sorted(groupBy(samples, ({ category }) => category ?? 'none')),
  ]
  const rotations = sorted(groupBy(samples, ({ rotation }) => rotation ?? ''))
  const inPart = (members: readonly SampleDigest[], part: string): SampleDigest[] =>
    members.filter(({ category }) => part === 'all' || (category ?? 'none') === part)
  return {
    byRotation: Object.fromEntries(
      rotations.map(([rotation, members]) => [
        rotation,
        Object.fromEntries(
          parts.flatMap(([part]) => {
            const own = inPart(members, part)
            return own.length === 0 ? [] : [[part, meanOf(own)]]
          }),
        ),
      ]),
    ),
    mean: Object.fromEntries(
      parts.map(([part, members]) => {
        const found = clusteredMean(
          members.map((digest) => ({
            cluster: digest.cluster,
            stratum: digest.rotation ?? '',
            value: creditOf(digest),
          })),
        )
        return [part, { value: found?.mean ?? 0, interval: found && unitInterval(found) }]
      }),
    ),
  }
}

function meanOf(members: readonly SampleDigest[]): Mean {
  const total = members.reduce((sum, digest) => sum + creditOf(digest), 0)
  return { n: members.length, mean: total / members.length }
}

function byCategory<Figures>(
  samples: readonly SampleDigest[],
  figures: (members: readonly SampleDigest[]) => Figures,
): Record<string, Figures> {
  const groups = groupBy(samples, ({ category }) => category ?? 'none')
  return Object.fromEntries(sorted(groups).map(([name, members]) => [name, figures(members)]))
}

function sorted(groups: ReadonlyMap<string, SampleDigest[]>): [string, SampleDigest[]][] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}
