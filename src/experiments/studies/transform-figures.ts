import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { clusteredMean } from '../../evaluation/statistics/clustered-mean.js'
import { clusteredProportion } from '../../evaluation/statistics/clustered-proportion.js'
import { unitInterval } from '../../evaluation/statistics/unit-interval.js'
import type { Interval } from '../../evaluation/statistics/wilson.js'
import { distinctEvaluations } from './distinct-evaluations.js'
import type { MeasuredSeed } from './measured-arm.js'
import type { Measure } from './measures.js'
import type { TaskRecord } from './task-record.js'

/** A share of tasks with its interval (95 %): Wilson's, of seeds together at the number of tasks that are worth as much as independent ones. */
export interface Share {
  readonly n: number
  readonly successes: number
  readonly value: number
  readonly interval: Interval
}

/** How often something holds of the tasks of each transformation that was asked for, and of all: the mean over transformations, each weighing the same. */
export interface TransformFigures {
  readonly byTransform: Partial<Record<Transform, Share>>
  readonly average: { readonly value: number; readonly interval: Interval | null } | null
}

/** Figures of an arm, its seeds together. */
export function transformFigures({
  measure,
  seeds,
}: {
  measure: Measure
  seeds: readonly MeasuredSeed[]
}): TransformFigures {
  const all = distinctEvaluations(seeds).flatMap(({ records }) => records)
  const average = clusteredMean(
    all.map((record) => ({ cluster: record.cluster, stratum: record.transform, value: measure.of(record) })),
  )
  return {
    byTransform: Object.fromEntries(
      TRANSFORMS.flatMap((transform) => {
        const share = shareOf({ measure, records: all.filter((record) => record.transform === transform) })
        return share === null ? [] : [[transform, share]]
      }),
    ),
    average: average && { value: average.mean, interval: unitInterval(average) },
  }
}

/** Null of no tasks. */
export function shareOf({
  measure,
  records,
}: {
  measure: Measure
  records: readonly TaskRecord[]
}): Share | null {
  const trials = records.map((record) => ({ cluster: record.cluster, success: measure.of(record) === 1 }))
  const interval = clusteredProportion(trials)
  if (interval === null) return null
  const successes = trials.filter(({ success }) => success).length
  return { n: trials.length, successes, value: successes / trials.length, interval }
}
