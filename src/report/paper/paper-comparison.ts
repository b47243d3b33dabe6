import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { readSuiteDefinition } from '../../data/suite-definition.js'
import { digestOf } from '../../evaluation/summary/digest.js'
import type { ScoredRun } from '../../evaluation/scored-run.js'
import type { Interval } from '../../evaluation/statistics/wilson.js'
import { summarize, type Rates, type Summary } from '../../evaluation/summary/summary.js'
import { UsageError } from '../../core/errors.js'
import { paperRow, type PaperRow } from './paper-row.js'
import { paperSetup, type SetupLine } from './paper-setup.js'

/** One figure of a run beside the paper's; shares from 0 to 1. */
export interface PaperCell {
  /** `overall`: as the paper averages the suite (the mean of the six, the mean over rotations, or over all questions). */
  figure: Transform | 'overall'
  paper: number | null
  ours: number | null
  interval: Interval | null
  /** Ours minus the paper's; null where one of them is missing. */
  difference: number | null
  n: number
}

/** A run beside its row of the paper's tables. */
export interface PaperComparison {
  run: string
  path: string
  suite: string
  model: string
  /** Null where the paper has no row for it: then only our figures stand. */
  row: { model: string; tools: boolean; by: PaperRow['by'] } | null
  isComplete: boolean
  scored: number
  planned: number
  /** Every transformation that occurs here or there, Source first, then `overall`. */
  cells: PaperCell[]
  setup: SetupLine[]
}

/**
 * @param parameters.scored the run, under the scoring that counts; read once.
 * @throws UsageError when the configuration names a row that the paper does not have.
 */
export async function comparePaper(scored: ScoredRun): Promise<PaperComparison> {
  const { run, head, name } = scored
  const digests = []
  for await (const sample of scored.samples()) digests.push(digestOf(sample))
  const summary = summarize({ head, digests })
  const named = run.manifest.config.paperRow
  const figures = await figuresOf(head.suite)
  const row = paperRow({
    named: typeof named === 'string' ? named : null,
    model: head.policy.model,
    figures,
  })
  return {
    run: name,
    path: run.path,
    suite: head.suite,
    model: head.policy.model,
    row: row && { model: row.figures.model, tools: row.figures.tools, by: row.by },
    isComplete: summary.isComplete,
    scored: summary.overall.n,
    planned: head.planned,
    cells: cellsOf({
      summary,
      accuracy: row?.figures.accuracy ?? {},
      // Some of its rows have the average alone.
      isAverage: figures.some(({ accuracy }) => hasTransforms(accuracy)),
    }),
    setup: row === null ? [] : paperSetup({ manifest: run.manifest, head, figures: row.figures }),
  }
}

async function figuresOf(suite: string): Promise<PaperRow['figures'][]> {
  // A suite of the user's own is known by its name alone, and the paper has no figures for it.
  if (/[\\/]|\.ya?ml$/.test(suite)) return []
  try {
    return (await readSuiteDefinition(suite)).figures
  } catch (cause) {
    if (cause instanceof UsageError) return []
    throw cause
  }
}

function hasTransforms(accuracy: Readonly<Record<string, number>>): boolean {
  return TRANSFORMS.some((name) => accuracy[name] !== undefined)
}

function cellsOf({
  summary,
  accuracy,
  isAverage,
}: {
  summary: Summary
  accuracy: Readonly<Record<string, number>>
  /** The paper averages the suite over its six columns. */
  isAverage: boolean
}): PaperCell[] {
  const { byTransform } = summary
  const occurring = TRANSFORMS.filter(
    (name) => byTransform[name] !== undefined || accuracy[name] !== undefined,
  )
  return [
    ...occurring.map((figure) => {
      const rates = byTransform[figure]
      return cell({ figure, accuracy, ours: rates === undefined ? null : headline(rates), n: rates?.n ?? 0 })
    }),
    cell({
      figure: 'overall',
      accuracy,
      ours: overallOf({ summary, isAverage }),
      n: rowsBehindOverall(summary),
    }),
  ]
}

interface Figure {
  value: number
  interval: Interval | null
}

function cell({
  figure,
  accuracy,
  ours,
  n,
}: {
  figure: PaperCell['figure']
  accuracy: Readonly<Record<string, number>>
  ours: Figure | null
  n: number
}): PaperCell {
  const percent = accuracy[figure]
  const paper = percent === undefined ? null : percent / 100
  return {
    figure,
    paper,
    ours: ours?.value ?? null,
    interval: ours?.interval ?? null,
    difference: paper === null || ours === null ? null : ours.value - paper,
    n,
  }
}

/** Where the paper averages six columns, a run with fewer has no average to set beside it. */
function overallOf({ summary, isAverage }: { summary: Summary; isAverage: boolean }): Figure | null {
  const { average, benchmark, overall } = summary
  if (isAverage) return average
  if (benchmark?.kind === 'hrbench') return benchmark.byTransform.none?.mean['all'] ?? null
  return headline(overall)
}

/** HR-Bench is reported on its own pictures alone. */
function rowsBehindOverall({ benchmark, overall, byTransform }: Summary): number {
  return benchmark?.kind === 'hrbench' ? (byTransform.none?.n ?? 0) : overall.n
}

function headline({ accuracy, interval, partial }: Rates): Figure | null {
  if (partial !== null) return { value: partial.mean, interval: partial.interval }
  return accuracy === null ? null : { value: accuracy, interval }
}
