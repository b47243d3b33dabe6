import { INFRASTRUCTURE_OUTCOMES, OUTCOMES } from '../../core/sample.js'
import { TRANSFORMS } from '../../core/transform.js'
import { reported } from '../summary/reported.js'
import { aligned } from './aligned.js'
import { describeHead } from './describe-head.js'
import { percent, percentInterval, PRINTED_TRANSFORMS } from './format-figures.js'
import type { Rates, Summary } from '../summary/summary.js'
import { tableDetails } from './table-details.js'

/** `figure`: what the figures of the second column are. */
const headerOf = (figure: string): string[] => [
  '',
  'n',
  figure,
  '95 % interval',
  'turns',
  'calls',
  'tool errors',
  'recovered',
  'unparsed',
  'truncated',
  'turn limit',
]

/** A summary as text for the terminal: one line for each transformation and one for all of them, then what else the run tells (see {@link tableDetails}). */
export function renderTable(summary: Summary): string {
  const { overall, byTransform } = summary
  const rows = TRANSFORMS.flatMap((name) => {
    const rates = byTransform[name]
    return rates === undefined ? [] : [rowOf({ name: PRINTED_TRANSFORMS[name], rates })]
  })
  return [
    describeHead(summary),
    '',
    ...aligned([
      headerOf(overall.partial === null ? 'accuracy' : 'mean credit'),
      ...rows,
      rowOf({ name: 'all', rates: overall }),
    ]),
    ...tableDetails(summary),
    ...notes(summary),
  ].join('\n')
}

function rowOf({ name, rates }: { name: string; rates: Rates }): string[] {
  const { n, meanTurns, meanToolCalls, toolErrorRate, outcomes } = rates
  const { accuracy, interval } = reported(rates)
  return [
    name,
    String(n),
    percent(accuracy),
    percentInterval(interval),
    fixed(meanTurns),
    fixed(meanToolCalls),
    `${rates.toolErrors}/${rates.toolCalls} (${percent(toolErrorRate)})`,
    `${rates.recoveries}/${rates.withErrors}`,
    String(outcomes.unparsed),
    String(outcomes.truncated),
    String(outcomes['turn-limit']),
  ]
}

function notes({ isComplete, planned, overall }: Summary): string[] {
  const { n, unusable } = overall
  const excluded =
    unusable === 0
      ? []
      : ['', `${unusable} of ${planned} samples have images that cannot be used; in no rate.`]
  if (isComplete) return excluded
  const failures = OUTCOMES.filter(
    (outcome) => INFRASTRUCTURE_OUTCOMES.has(outcome) && overall.outcomes[outcome] > 0,
  )
  const named = failures.map((outcome) => `${overall.outcomes[outcome]} ${outcome}`)
  const missing = planned - n - overall.excluded
  const parts = [...named, ...(missing > 0 ? [`${missing} not run`] : [])]
  if (parts.length === 0) return [...excluded, 'No sample could be scored.']
  return [...excluded, '', `Incomplete: ${n} of ${planned} samples scored (${parts.join(', ')}; in no rate).`]
}

function fixed(value: number | null): string {
  return value === null ? '–' : value.toFixed(1)
}
