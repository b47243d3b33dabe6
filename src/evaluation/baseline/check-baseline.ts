import { UsageError } from '../../core/errors.js'
import { differenceInterval } from '../statistics/difference-interval.js'
import type { Interval } from '../statistics/wilson.js'
import type { Rates, Summary } from '../summary/summary.js'
import type { Baseline, BaselineHead } from './read-baseline.js'

/** One figure held against the baseline; shares from 0 to 1. */
export interface BaselineRow {
  figure: string
  required: number
  /** Null where the run has no such figure, which misses it. */
  measured: number | null
  /** 95 % of measured − required where both are measurements; null otherwise. */
  interval: Interval | null
  isMissed: boolean
}

/**
 * Hold a run's figures against a baseline. Thresholds are missed when the figure stays below by more than the tolerance. Figures of an earlier run are missed when
 * the difference is more than chance explains (the whole 95 % interval of the difference lies below zero), or, with a tolerance, when it is more than that.
 * @param parameters.tolerance allowed shortfall, from 0 to 1, in place of that of the file or of the interval; null: as the file says.
 */
export function checkBaseline({
  summary,
  baseline,
  tolerance = null,
}: {
  summary: Summary
  baseline: Baseline
  tolerance?: number | null
}): BaselineRow[] {
  const own = figuresOf(summary)
  if (baseline.kind === 'thresholds') {
    const allowed = tolerance ?? baseline.tolerance
    return [...baseline.figures].map(([figure, required]) => {
      const measured = own.get(figure)?.value ?? null
      return {
        figure,
        required,
        measured,
        interval: null,
        isMissed: isBelow({ measured, required, allowed }),
      }
    })
  }
  return [...baseline.figures].map(([figure, before]) => {
    const after = own.get(figure)
    const measured = after?.value ?? null
    const required = before.value
    const interval = after === undefined ? null : intervalOf({ before, after })
    const isMissed =
      tolerance === null && interval !== null
        ? interval[1] < 0
        : isBelow({ measured, required, allowed: tolerance ?? 0 })
    return { figure, required, measured, interval, isMissed }
  })
}

/**
 * @throws UsageError when figures of another suite, scoring, judge, number of samples or of other questions would be compared; to be asked before a run, so that nothing is spent.
 */
export function checkBaselineHead({ baseline, head }: { baseline: Baseline; head: BaselineHead }): void {
  if (baseline.kind === 'thresholds') return
  const told = HEAD.filter((name) => baseline.head[name] !== head[name]).map(
    (name) => `${name} ${baseline.head[name]} there, ${head[name]} here`,
  )
  const { questions } = baseline.head
  // Where their number differs, they are others anyway.
  const areOthers = told.length === 0 && questions !== null && questions !== head.questions
  if (areOthers)
    told.push('other questions: texts, answers or images differ, though their number is the same')
  if (told.length === 0) return
  throw new UsageError(
    `--baseline ${baseline.path}: expected figures of the same suite, scoring, judge and questions, got ${told.join('; ')}. Name another summary, or thresholds in a YAML file.`,
  )
}

const HEAD = ['suite', 'scoring', 'judge', 'judgeReading', 'epochs', 'planned'] as const

interface Figure {
  value: number
  interval: Interval | null
}

function figuresOf({ overall, average, byTransform, byCategory }: Summary): Map<string, Figure> {
  const named: [string, Rates][] = [
    ['overall', overall],
    ...Object.entries(byTransform),
    ...Object.entries(byCategory).map(([name, rates]): [string, Rates] => [`category ${name}`, rates]),
  ]
  const figures = named.flatMap(([name, { accuracy, interval, partial }]): [string, Figure][] => {
    if (partial !== null) return [[name, { value: partial.mean, interval: partial.interval }]]
    return accuracy === null ? [] : [[name, { value: accuracy, interval }]]
  })
  return new Map([...figures, ...(average === null ? [] : [['average', average] as const])])
}

function intervalOf({ before, after }: { before: Figure; after: Figure }): Interval | null {
  if (before.interval === null || after.interval === null) return null
  return differenceInterval({
    before: { value: before.value, interval: before.interval },
    after: { value: after.value, interval: after.interval },
  })
}

/** Rounding is no shortfall. */
const ROUNDING = 1e-9

function isBelow({
  measured,
  required,
  allowed,
}: {
  measured: number | null
  required: number
  allowed: number
}): boolean {
  return measured === null || measured < required - allowed - ROUNDING
}
