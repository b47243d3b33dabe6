import { percent } from '../percent.js'
import type { Contrast } from './contrast.js'
import type { Expected } from './direction.js'
import type { Finding, Findings } from './findings.js'
import { MEASURES, type MeasureName } from './measures.js'

/** A comparison in a sentence: both figures, their difference with its interval and where that comes from, and whether it goes the paper's way. */
export function describeFinding(finding: Finding): string {
  const { comparison, contrast } = finding
  const { what, measure, among, fewest = 1 } = comparison
  if (contrast === null && finding.isMeasured && among !== undefined)
    return `${what}: too few tasks, none where it takes ${fewest}.`
  if (contrast === null)
    return `${what}: cannot be told, since an arm is missing or shares no task with the other.`
  const { of, against, difference, interval } = contrast
  const figures = `${figure(measure, of)} against ${figure(measure, against)}, difference ${signed(measure, difference)}`
  const range =
    interval === null
      ? 'no interval'
      : `95 % ${signed(measure, interval[0])} to ${signed(measure, interval[1])}`
  return `${what}: ${figures} (${range}; ${basisOf({ measure, contrast })}). ${ending(finding)}`
}

/** What all comparisons together say, no stronger than their intervals do. */
export function describeVerdict({ list, verdict }: Findings): string {
  if (verdict === null) return 'The paper says nothing of this; the figures stand for themselves.'
  const decided = list.filter((finding) => finding.verdict !== null)
  const agreeing = decided.filter((finding) => finding.verdict === 'agrees')
  const count = `${agreeing.length} of ${decided.length} ${decided.length === 1 ? 'comparison' : 'comparisons'} ${agreeing.length === 1 || decided.length === 1 ? 'agrees' : 'agree'}`
  const bounds = agreeing.flatMap(({ comparison: { measure, expected } }) =>
    expected.direction === 'not lower' ? [`no fall beyond ${amount(measure, expected.margin)}`] : [],
  )
  const only = bounds.length === 0 ? '' : `; of these, some only say that there is ${bounds.join(', ')}`
  return [`${OVERALL[verdict]} (${count}${only}).`, ...new Set(list.flatMap(unmet))].join(' ')
}

const OVERALL = {
  agrees: "The direction agrees with the paper's",
  disagrees: "The direction disagrees with the paper's",
  'no difference': 'A difference that the paper shows is not found here',
  'not tested': 'What the paper says is not tested by these figures',
  'cannot tell': "Whether the direction agrees with the paper's cannot be told from these figures",
} as const

/** What intervals of a study cover, in a sentence; null where there is none. */
export function describeBasis({ list }: Findings): string | null {
  const bases = new Set(list.flatMap(({ contrast }) => contrast?.basis ?? []))
  if (bases.size === 0) return null
  if (bases.size > 1)
    return 'The intervals (95 %) are over seeds, so over trainings; between checkpoints that are not trained here they are over tasks.'
  return bases.has('tasks')
    ? 'One seed: the intervals (95 %) are over tasks, and another training may differ by more.'
    : 'The intervals (95 %) are over seeds, so over trainings.'
}

function unmet({ premise: checked }: Finding): string[] {
  if (checked === null || checked.isMet) return []
  const { premise, mean } = checked
  return [premise.otherwise(figure(premise.measure, mean))]
}

function basisOf({ measure, contrast }: { measure: MeasureName; contrast: Contrast }): string {
  const { basis, tasks, bySeed } = contrast
  if (basis === 'tasks') return `${tasks} tasks`
  return `${bySeed.length} seeds: ${bySeed.map((value) => signed(measure, value)).join(', ')}`
}

function ending({ comparison, contrast, direction, verdict }: Finding): string {
  const { measure, expected, fewest = 0 } = comparison
  if (expected.direction === 'open' || verdict === null) return 'The paper says nothing of it.'
  const told = `Expected: ${inWords({ measure, expected })}`
  if (contrast !== null && contrast.tasks < fewest)
    return `${told}; too few tasks to tell, where it takes ${fewest}.`
  if (verdict === 'no difference' && contrast?.interval != null) {
    const [low, high] = contrast.interval
    return `${told}; no difference larger than ${amount(measure, Math.max(-low, high))}.`
  }
  return verdict === 'not tested' && direction === 'agrees'
    ? `${told}; it is, but that tests nothing here.`
    : `${told}; ${verdict}.`
}

function inWords({
  measure,
  expected,
}: {
  measure: MeasureName
  expected: Exclude<Expected, { direction: 'open' }>
}): string {
  return expected.direction === 'not lower'
    ? `no fall beyond ${amount(measure, expected.margin)}`
    : `the first ${expected.direction}`
}

/** In per cent of a share, else with two decimals. */
export function figure(measure: MeasureName, value: number): string {
  return MEASURES[measure].kind === 'share' ? `${percent(value)} %` : value.toFixed(2)
}

/** A size of a difference, rounded up so that it is not too small. */
function amount(measure: MeasureName, value: number): string {
  const isShare = MEASURES[measure].kind === 'share'
  const decimals = isShare ? 1 : 2
  const scaled = (isShare ? 100 : 1) * value
  const shown = Math.ceil(scaled * 10 ** decimals - 1e-9) / 10 ** decimals
  return isShare ? `${shown} points` : shown.toFixed(decimals)
}

function signed(measure: MeasureName, value: number): string {
  const shown = MEASURES[measure].kind === 'share' ? percent(value) : value.toFixed(2)
  return value < 0 ? shown.replace('-', '−') : `+${shown}`
}
