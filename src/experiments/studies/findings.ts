import { contrastOf, type Contrast } from './contrast.js'
import { directionOf, overallDirection, type Verdict } from './direction.js'
import type { MeasuredArms } from './measured-arm.js'
import { MEASURES } from './measures.js'
import type { Comparison, Study } from './study.js'

/** A comparison with its figures. */
export interface Finding {
  readonly comparison: Comparison
  /** Null where an arm is missing. */
  readonly contrast: Contrast | null
  /** Null where the paper says nothing. */
  readonly verdict: Verdict | null
}

/** What a study found, a pure function of what was measured. */
export interface Findings {
  readonly list: readonly Finding[]
  /** Of all comparisons of which the paper says something. */
  readonly verdict: Verdict | null
}

export function findingsOf({ study, measured }: { study: Study; measured: MeasuredArms }): Findings {
  const list = study.comparisons.map((comparison): Finding => {
    const { measure, of, against, among = () => true, expected } = comparison
    const others = measured.get(against) ?? []
    const seeds = (measured.get(of) ?? []).flatMap(({ seed, records }) => {
      const other = others.find((one) => one.seed === seed)
      return other === undefined ? [] : [{ of: records.filter(among), against: other.records.filter(among) }]
    })
    const contrast = contrastOf({ measure: MEASURES[measure], seeds })
    return { comparison, contrast, verdict: directionOf({ contrast, expected }) }
  })
  return { list, verdict: overallDirection(list.map(({ verdict }) => verdict)) }
}
