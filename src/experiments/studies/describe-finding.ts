import type { Contrast } from './contrast.js'
import type { Expected, Verdict } from './direction.js'
import type { Finding, Findings } from './findings.js'
import { MEASURES, type MeasureName } from './measures.js'

/** A comparison in a sentence: both figures, their difference with its interval and where that comes from, and whether it goes the paper's way. */
export function describeFinding({ comparison, contrast, verdict }: Finding): string {
  const { what, measure, expected } = comparison
  if (contrast === null)
    return `${what}: cannot be told, since an arm is missing or shares no task with the other.`
  const { of, against, difference, interval } = contrast
  const figures = `${figure(measure, of)} against ${figure(measure, against)}, difference ${signed(measure, difference)}`
  const range =
    interval === null
      ? 'no interval'
      : `95 % ${signed(measure, interval[0])} to ${signed(measure, interval[1])}`
  return `${what}: ${figures} (${range}; ${basisOf({ measure, contrast })}). ${ending({ verdict, expected })}`
}

/** What all comparisons together say. */
export function describeVerdict({ list, verdict }: Findings): string {
  if (verdict === null) return 'The paper says nothing of this; the figures stand for themselves.'
  const decided = list.filter((finding) => finding.verdict !== null)
  const agreeing = decided.filter((finding) => finding.verdict === 'agrees').length
  const of = `${agreeing} of ${decided.length} ${decided.length === 1 ? 'comparison' : 'comparisons'} ${agreeing === 1 || decided.length === 1 ? 'agrees' : 'agree'}`
  switch (verdict) {
    case 'agrees':
      return `The direction agrees with the paper's (${of}).`
    case 'disagrees':
      return `The direction disagrees with the paper's (${of}).`
    case 'cannot tell':
      return `Whether the direction agrees with the paper's cannot be told from these figures (${of}).`
  }
}

/** What the intervals of a study cover, in a sentence; null where there is none. */
export function describeBasis({ list }: Findings): string | null {
  const bases = new Set(list.flatMap(({ contrast }) => contrast?.basis ?? []))
  if (bases.size === 0) return null
  return bases.has('tasks')
    ? 'One seed: the intervals (95 %) are over tasks, and another training may differ by more.'
    : 'The intervals (95 %) are over seeds, so over trainings.'
}

function basisOf({ measure, contrast }: { measure: MeasureName; contrast: Contrast }): string {
  const { basis, tasks, bySeed } = contrast
  if (basis === 'tasks') return `${tasks} tasks`
  return `${bySeed.length} seeds: ${bySeed.map((value) => signed(measure, value)).join(', ')}`
}

function ending({ verdict, expected }: { verdict: Verdict | null; expected: Expected }): string {
  if (expected.direction === 'open' || verdict === null) return 'The paper says nothing of it.'
  const told = expected.direction === 'not lower' ? 'no fall' : `the first ${expected.direction}`
  return `Expected: ${told}; ${verdict}.`
}

/** In per cent of a share, else with two decimals. */
export function figure(measure: MeasureName, value: number): string {
  return MEASURES[measure].kind === 'share' ? `${(100 * value).toFixed(1)} %` : value.toFixed(2)
}

function signed(measure: MeasureName, value: number): string {
  const shown = MEASURES[measure].kind === 'share' ? (100 * value).toFixed(1) : value.toFixed(2)
  return value < 0 ? shown.replace('-', '−') : `+${shown}`
}
