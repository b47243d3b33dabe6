import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { checkYaml, readYaml } from '../../config/read-yaml.js'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import type { Interval } from '../statistics/wilson.js'
import type { SummaryHead } from '../summary/summary.js'

/** What two runs must have in common for their figures to be compared. */
export type BaselineHead = Pick<
  SummaryHead,
  'suite' | 'scoring' | 'judge' | 'judgeReading' | 'epochs' | 'planned'
> & {
  /** SHA-256 of what was asked; null where the summary is of a version that did not keep it. */
  questions: string | null
}

/** What a run must reach. Figures by name: `overall`, `average`, a transformation, or `category NAME`; all from 0 to 1. */
export type Baseline =
  | { kind: 'thresholds'; path: string; figures: ReadonlyMap<string, number>; tolerance: number }
  | {
      kind: 'summary'
      path: string
      head: BaselineHead
      figures: ReadonlyMap<string, { value: number; interval: Interval | null }>
    }

/**
 * A baseline: summary.json of an earlier run (or its folder), or a YAML file of thresholds in percent.
 * @throws UsageError when the file is neither.
 */
export async function readBaseline(given: string): Promise<Baseline> {
  const isFolder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const path = isFolder ? join(given, 'summary.json') : given
  return extname(path) === '.json' ? readSummary(path) : readThresholds(path)
}

/** A share such as 0.6, or 1.0 for all, would be met by nearly anything. */
const percentage = z
  .number()
  .min(0)
  .max(100)
  .refine(
    (value) => value === 0 || value > 1,
    'expected percent, such as 60, and not a share such as 0.6 or 1.0 (apart from 0, percent begin above 1)',
  )
const thresholdsSchema = z
  .strictObject({
    /** In percent: the mean of partial credit where the scoring gives it, else accuracy. */
    accuracy: z
      .strictObject(
        Object.fromEntries(
          ['overall', 'average', ...TRANSFORMS].map((name) => [name, percentage.optional()]),
        ),
      )
      .prefault({}),
    categories: z.record(z.string(), percentage).default({}),
    /** Percentage points by which a figure may stay below. */
    tolerance: z.number().min(0).max(100).default(0),
  })
  .refine(({ accuracy, categories }) => Object.keys({ ...accuracy, ...categories }).length > 0, {
    error: 'expected at least one threshold under `accuracy` or `categories`',
  })

async function readThresholds(path: string): Promise<Baseline> {
  const { accuracy, categories, tolerance } = checkYaml({
    file: await readYaml(path),
    schema: thresholdsSchema,
  })
  const figures = [
    ...Object.entries(accuracy).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, value] as const] : [],
    ),
    ...Object.entries(categories).map(([name, value]) => [`category ${name}`, value] as const),
  ]
  return {
    kind: 'thresholds',
    path,
    figures: new Map(figures.map(([name, value]) => [name, value / 100])),
    tolerance: tolerance / 100,
  }
}

const interval = z.tuple([z.number(), z.number()]).nullable()
const rates = z.object({
  n: z.number(),
  accuracy: z.number().nullable(),
  interval,
  partial: z.object({ mean: z.number(), interval }).nullable().default(null),
})
/** What both versions of a summary have, and what the second added. */
const summarySchema = z.object({
  schemaVersion: z.union([z.literal(1), z.literal(2)]),
  suite: z.string(),
  scoring: z.string(),
  judge: z.string(),
  judgeReading: z.string().nullable().default(null),
  epochs: z.number(),
  planned: z.number(),
  questions: z.string().nullable().default(null),
  isComplete: z.boolean(),
  overall: rates,
  byTransform: z.record(z.string(), rates),
  average: z.object({ value: z.number(), interval }).nullable().default(null),
  byCategory: z.record(z.string(), rates).default({}),
})

type Rates = z.output<typeof rates>

async function readSummary(path: string): Promise<Baseline> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new UsageError(`${path}: expected summary.json of a run, or a YAML file; ${String(cause)}`, {
      cause,
    })
  }
  const result = summarySchema.safeParse(value, { reportInput: true })
  if (!result.success) {
    const where = (): string => path
    throw new UsageError(explainIssues({ error: result.error, schema: summarySchema, where }).join('\n'))
  }
  const { suite, scoring, judge, judgeReading, epochs, planned, questions } = result.data
  const { isComplete, overall, byTransform, byCategory, average } = result.data
  const named: [string, Rates][] = [
    ['overall', overall],
    ...Object.entries(byTransform),
    ...Object.entries(byCategory).map(([name, own]): [string, Rates] => [`category ${name}`, own]),
  ]
  const figures = named.flatMap(([name, own]) => {
    const figure = figureOf(own)
    return figure === null ? [] : [[name, figure] as const]
  })
  if (figures.length === 0)
    throw new UsageError(`${path}: expected figures of a run, got a summary in which nothing was scored`)
  if (!isComplete)
    throw new UsageError(
      `${path}: expected the summary of a complete run, got ${overall.n} of ${planned} samples; finish it first (--resume)`,
    )
  return {
    kind: 'summary',
    path,
    head: { suite, scoring, judge, judgeReading, epochs, planned, questions },
    figures: new Map([...figures, ...(average === null ? [] : [['average', average] as const])]),
  }
}

function figureOf({
  accuracy,
  interval: own,
  partial,
}: Rates): { value: number; interval: Interval | null } | null {
  if (partial !== null) return { value: partial.mean, interval: partial.interval }
  return accuracy === null ? null : { value: accuracy, interval: own }
}
