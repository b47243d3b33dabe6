import { mean } from '../../core/mean.js'
import { clusteredMean, type ClusteredMean } from '../../evaluation/statistics/clustered-mean.js'
import { newcombePaired } from '../../evaluation/statistics/newcombe-paired.js'
import type { Interval } from '../../evaluation/statistics/wilson.js'
import type { Measure } from './measures.js'
import type { TaskRecord } from './task-record.js'

/** A measure of one arm held against that of another, over the tasks that both were asked. */
export interface Contrast {
  /** Means over seeds of means over tasks. */
  readonly of: number
  readonly against: number
  readonly difference: number
  /** 95 %; null where nothing is known of the spread. */
  readonly interval: Interval | null
  /** `tasks`: one seed, so the interval knows of other tasks and not of other trainings; `seeds`: over trainings. */
  readonly basis: 'tasks' | 'seeds'
  /** The difference of each seed. */
  readonly bySeed: readonly number[]
  /** Tasks, of all seeds together. */
  readonly tasks: number
}

/** Both arms under one seed. */
export interface SeedPair {
  readonly of: readonly TaskRecord[]
  readonly against: readonly TaskRecord[]
}

/**
 * Difference of a measure between two arms. With one seed its interval is that of paired tasks: Newcombe's (1998, method 10) of shares whose tasks are independent of each other, else the t interval
 * over clusters; with several it is the t interval over the differences of the seeds. Null where no task was asked of both.
 */
export function contrastOf({
  measure,
  seeds,
}: {
  measure: Measure
  seeds: readonly SeedPair[]
}): Contrast | null {
  const paired = seeds.map(pairsOf).filter((pairs) => pairs.length > 0)
  const [first] = paired
  if (first === undefined) return null
  const means = paired.map((pairs) => ({
    of: mean(pairs.map((pair) => measure.of(pair.of))),
    against: mean(pairs.map((pair) => measure.of(pair.against))),
  }))
  const bySeed = means.map(({ of, against }) => of - against)
  const common = {
    of: mean(means.map(({ of }) => of)),
    against: mean(means.map(({ against }) => against)),
    difference: mean(bySeed),
    bySeed,
    tasks: paired.reduce((sum, { length }) => sum + length, 0),
  }
  if (paired.length === 1) return { ...common, basis: 'tasks', interval: overTasks(first, measure) }
  return { ...common, basis: 'seeds', interval: overSeeds(bySeed) }
}

interface Pair {
  readonly of: TaskRecord
  readonly against: TaskRecord
}

function pairsOf({ of, against }: SeedPair): Pair[] {
  const others = new Map(against.map((record) => [record.key, record]))
  return of.flatMap((record) => {
    const other = others.get(record.key)
    return other === undefined ? [] : [{ of: record, against: other }]
  })
}

function overSeeds(differences: readonly number[]): Interval | null {
  return knownInterval(clusteredMean(differences.map((value, seed) => ({ cluster: String(seed), value }))))
}

/** Null where all values are alike: a few trainings, or tasks, that happen to agree say nothing of others. */
function knownInterval(over: ClusteredMean | null): Interval | null {
  return (over?.standardError ?? 0) > 1e-12 ? (over?.interval ?? null) : null
}

function overTasks(pairs: readonly Pair[], measure: Measure): Interval | null {
  const isIndependent = new Set(pairs.map(({ of }) => of.cluster)).size === pairs.length
  if (measure.kind === 'share' && isIndependent) {
    const count = (of: number, against: number): number =>
      pairs.filter((pair) => measure.of(pair.of) === of && measure.of(pair.against) === against).length
    return newcombePaired({
      both: count(1, 1),
      first: count(0, 1),
      second: count(1, 0),
      neither: count(0, 0),
    })
  }
  const differences = pairs.map((pair) => ({
    cluster: pair.of.cluster,
    value: measure.of(pair.of) - measure.of(pair.against),
  }))
  const over = clusteredMean(differences)
  // Shares that differ nowhere, or everywhere alike, are no certainty.
  return measure.kind === 'share' ? knownInterval(over) : (over?.interval ?? null)
}
