import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { aligned } from './aligned.js'
import type { BenchmarkFigures } from '../summary/benchmark-figures.js'
import { percent, percentInterval, PRINTED_TRANSFORMS } from './format-figures.js'
import type { Rates, Summary } from '../summary/summary.js'

/** What stands below the table of a run: the average of the six, partial credit, categories, the benchmark's own figures, epochs, tools. None of it where there is nothing to say. */
export function tableDetails(summary: Summary): string[] {
  const { average, byCategory, benchmark, overall } = summary
  const sections: readonly (readonly string[])[] = [
    average === null
      ? []
      : [`average of the six: ${percent(average.value)} (${percentInterval(average.interval)})`],
    partialLines(summary),
    categoryLines(byCategory),
    benchmark === null ? [] : benchmarkLines(benchmark),
    epochLines(overall),
    emergentLines(overall),
  ]
  return sections.filter(({ length }) => length > 0).flatMap((lines) => ['', ...lines])
}

function partialLines({ overall, byTransform }: Summary): string[] {
  if (overall.partial === null) return []
  const row = (name: string, { partial, n }: Rates): string[] => [
    name,
    String(n),
    percent(partial?.mean ?? null),
    percentInterval(partial?.interval ?? null),
  ]
  const rows = TRANSFORMS.flatMap((name) => {
    const rates = byTransform[name]
    return rates === undefined ? [] : [row(PRINTED_TRANSFORMS[name], rates)]
  })
  return aligned([['partial credit', 'n', 'mean', '95 % interval'], ...rows, row('all', overall)])
}

function categoryLines(byCategory: Summary['byCategory']): string[] {
  const rows = Object.entries(byCategory).map(([name, { n, accuracy, interval, partial }]) => [
    name,
    String(n),
    percent(accuracy),
    percentInterval(interval),
    ...(partial === null ? [] : [percent(partial.mean)]),
  ])
  if (rows.length === 0) return []
  const isPartial = Object.values(byCategory).some(({ partial }) => partial !== null)
  return aligned([['category', 'n', 'accuracy', '95 % interval', ...(isPartial ? ['mean'] : [])], ...rows])
}

function benchmarkLines(benchmark: BenchmarkFigures): string[] {
  switch (benchmark.kind) {
    case 'ocrbench':
      return perTransform(benchmark.byTransform, ({ score, of }) => `OCRBench score ${score} of ${of}`)
    case 'chartqapro':
      return perTransform(
        benchmark.byTransform,
        ({ mean, n, byType }) =>
          `ChartQAPro ${percent(mean)} of ${n} (${Object.entries(byType)
            .map(([type, figures]) => `${type} ${percent(figures.mean)}`)
            .join(', ')})`,
      )
    case 'hrbench':
      return perTransform(
        benchmark.byTransform,
        ({ byRotation, mean }) =>
          `mean over ${Object.keys(byRotation).length} rotations: ${Object.entries(mean)
            .map(([part, { value, interval }]) => `${part} ${percent(value)} (${percentInterval(interval)})`)
            .join(', ')}`,
      )
  }
}

function perTransform<Figures>(
  figures: Partial<Record<Transform, Figures>>,
  line: (figures: Figures) => string,
): string[] {
  return TRANSFORMS.flatMap((name) => {
    const own = figures[name]
    return own === undefined ? [] : [`${PRINTED_TRANSFORMS[name]}: ${line(own)}`]
  })
}

function epochLines({ byEpoch, passAtK }: Rates): string[] {
  if (byEpoch.length === 0) return []
  return [
    `accuracy by epoch: ${byEpoch.map(({ accuracy }) => percent(accuracy)).join(', ')}`,
    ...passAtK.map(
      ({ k, value, interval, tasks }) =>
        `pass@${k}: ${percent(value)} (${percentInterval(interval)}; ${tasks} tasks)`,
    ),
  ]
}

function emergentLines({ emergent }: Rates): string[] {
  if (emergent.samples === 0) return []
  const rows = Object.entries(emergent.byTool)
    .sort(([, a], [, b]) => b.samples - a.samples)
    .map(([tool, { samples, accuracy, interval }]) => [
      tool,
      String(samples),
      percent(accuracy),
      percentInterval(interval),
    ])
  return [
    `tools outside the core set in ${percent(emergent.rate)} of the rollouts (${percentInterval(emergent.rateInterval)}):`,
    ...aligned([['tool', 'rollouts', 'right', '95 % interval'], ...rows]),
  ]
}
