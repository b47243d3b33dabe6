import { contrastOf, type Contrast, type SeedPair } from './contrast.js'
import { directionOf, overallDirection, type Verdict } from './direction.js'
import type { MeasuredArms, MeasuredSeed } from './measured-arm.js'
import { MEASURES } from './measures.js'
import { checkPremise, type CheckedPremise } from './premise.js'
import type { Comparison, Study } from './study.js'

/** A comparison with its figures. */
export interface Finding {
  readonly comparison: Comparison
  /** Whether both arms are there. */
  readonly isMeasured: boolean
  /** Null where an arm is missing, or no task that counts was asked of both. */
  readonly contrast: Contrast | null
  /** Which way the difference goes, whatever the premise; null where the paper says nothing. */
  readonly direction: Verdict | null
  /** Null where there is none, or its arm is missing. */
  readonly premise: CheckedPremise | null
  /** The direction, with agreement only where the premise holds. */
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
    const { measure, of, against, among = () => true, fewest = 0, expected } = comparison
    const arms = { of: measured.get(of) ?? [], against: measured.get(against) ?? [] }
    const seeds = pairsOf({ ...arms, among })
    const contrast = contrastOf({ measure: MEASURES[measure], seeds })
    const { negligible } = MEASURES[measure]
    const isEnough = contrast !== null && contrast.tasks >= fewest
    const direction = directionOf({ contrast: isEnough ? contrast : null, expected, negligible })
    const premise =
      comparison.premise === undefined ? null : checkPremise({ premise: comparison.premise, measured })
    return {
      ...{ comparison, contrast, direction, premise },
      isMeasured: arms.of.length > 0 && arms.against.length > 0,
      verdict: verdictOf({ comparison, contrast, direction, premise }),
    }
  })
  return { list, verdict: overallDirection(list.map(({ verdict }) => verdict)) }
}

/** Both arms under each seed; where nothing is trained and all seeds are asked the same rows, they are one pair. */
function pairsOf({
  of,
  against,
  among,
}: Record<'of' | 'against', readonly MeasuredSeed[]> & Required<Pick<Comparison, 'among'>>): SeedPair[] {
  const pairs = new Map<string, SeedPair>()
  for (const one of of) {
    const other = against.find(({ seed }) => seed === one.seed)
    const runs = JSON.stringify([one.folders.evaluation, other?.folders.evaluation])
    if (other === undefined || pairs.has(runs)) continue
    pairs.set(runs, { of: one.records.filter(among), against: other.records.filter(among) })
  }
  return [...pairs.values()]
}

/** What disagrees does so in spite of a premise that does not hold. */
function verdictOf({
  comparison,
  contrast,
  direction,
  premise,
}: Omit<Finding, 'verdict' | 'isMeasured'>): Verdict | null {
  if (comparison.premise === undefined || premise?.isMet === true || contrast === null) return direction
  if (premise === null) return direction && 'cannot tell'
  return direction === null || direction === 'disagrees' ? direction : 'not tested'
}
