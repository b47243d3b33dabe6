import type { MeasuredArms } from './measured-arm.js'
import type { MeasureName } from './measures.js'
import type { TaskRecord } from './task-record.js'
import { meanOf } from './task-mean.js'

/** What the figures of an arm must be like so that a comparison can go either way: where they are not, agreement says nothing. */
export interface Premise {
  /** Name of the arm. */
  readonly arm: string
  readonly measure: MeasureName
  /** Tasks that count; absent: all. */
  readonly among?: (record: TaskRecord) => boolean
  /** Of the mean over tasks, in the units of the measure. */
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
  /** What is to be said where it does not hold, of the mean as a reader sees it. */
  readonly otherwise: (mean: string) => string
}

/** A premise held against what was measured. */
export interface CheckedPremise {
  readonly premise: Premise
  readonly mean: number
  readonly isMet: boolean
}

/** Null where the arm is missing. */
export function checkPremise({
  premise,
  measured,
}: {
  premise: Premise
  measured: MeasuredArms
}): CheckedPremise | null {
  const { arm, measure, among = () => true, bound } = premise
  const records = (measured.get(arm) ?? []).flatMap((seed) => seed.records.filter(among))
  const mean = meanOf({ measure, records })
  if (mean === null) return null
  return { premise, mean, isMet: 'atLeast' in bound ? mean >= bound.atLeast : mean <= bound.atMost }
}
