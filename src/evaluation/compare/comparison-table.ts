import { TRANSFORMS } from '../../core/transform.js'
import { aligned } from '../table/aligned.js'
import { percent, points, pointsInterval, PRINTED_TRANSFORMS } from '../table/format-figures.js'
import type { Comparison, ComparedRun } from './compare-runs.js'
import type { Flip, FlippedAnswer } from './flip.js'
import type { PairedFigures } from './paired-figures.js'

const HEADER = ['', 'n', 'A', 'B', 'B − A', '95 % interval', 'gained', 'lost', 'McNemar p']
const LONGEST = 160

/**
 * A comparison of two runs as text for the terminal.
 * @param parameters.shownFlips how many flips of each kind are shown; all stand in the comparison itself.
 */
export function renderComparison({
  comparison,
  shownFlips,
}: {
  comparison: Comparison
  shownFlips: number
}): string {
  const { a, b, forced, settings, flips, onlyA, onlyB, overall } = comparison
  return [
    describe('A', a),
    describe('B', b),
    ...list('Compared all the same (--force):', forced),
    ...list('Settings that differ:', settings),
    '',
    ...accuracyTable(comparison),
    ...creditTable(comparison),
    '',
    ...(onlyA + onlyB > 0
      ? [`Over the ${overall.n} samples that both have scored; ${onlyA} only in A, ${onlyB} only in B.`]
      : []),
    ...(overall.clusters < overall.n
      ? [
          `The ${overall.n} pairs come from ${overall.clusters} questions: intervals are bootstrapped over questions; McNemar's p takes pairs as independent, so it may be too small.`,
        ]
      : []),
    ...flipLines({ title: 'A wrong, B right', flips: flips.gained, shown: shownFlips }),
    ...flipLines({ title: 'A right, B wrong', flips: flips.lost, shown: shownFlips }),
  ].join('\n')
}

/** Several runs against one: a line a run, a column a transformation, differences in percentage points with their intervals. */
export function renderComparisonMatrix(comparisons: readonly Comparison[]): string {
  const [first] = comparisons
  if (first === undefined) return ''
  const occurring = TRANSFORMS.filter((name) =>
    comparisons.some(({ byTransform }) => byTransform[name] !== undefined),
  )
  const cell = (figures: PairedFigures | undefined): string =>
    figures === undefined ? '–' : `${points(figures.difference)} (${intervalOf(figures)})`
  return [
    `Against ${first.a.name} (${first.a.policy.model}), in percentage points:`,
    '',
    ...aligned([
      ['', ...occurring.map((name) => PRINTED_TRANSFORMS[name]), 'all'],
      ...comparisons.map(({ b, byTransform, overall }) => [
        b.name,
        ...occurring.map((name) => cell(byTransform[name])),
        cell(overall),
      ]),
    ]),
  ].join('\n')
}

/** The interval that fits the pairs: Newcombe's where they are independent, else the bootstrap over clusters; null where neither fits. */
export function trustedInterval({
  n,
  clusters,
  newcombe,
  bootstrap,
}: PairedFigures): PairedFigures['bootstrap'] {
  return clusters === n ? newcombe : bootstrap
}

/** Of pairs that are all alike no interval can be drawn, and 0 to 0 would claim what nobody knows. */
const NO_DIFFERENCE = 'no discordant pairs'

function intervalOf(figures: PairedFigures): string {
  const interval = trustedInterval(figures)
  const isAlike = figures.gained === 0 && figures.lost === 0
  return interval === null && isAlike ? NO_DIFFERENCE : pointsInterval(interval)
}

function describe(side: string, { path, suite, policy, scoring, judge }: ComparedRun): string {
  return `${side}: ${path} · ${suite} · ${policy.name} (${policy.model}) · scoring ${scoring} · judge ${judge}`
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

function accuracyTable({ overall, byTransform, byCategory }: Comparison): string[] {
  return aligned([
    HEADER,
    ...named({ overall, byTransform, byCategory }).map(([name, one]) => rowOf(name, one)),
  ])
}

function creditTable(comparison: Comparison): string[] {
  const rows = named(comparison).flatMap(([name, { n, credit }]) =>
    credit === null
      ? []
      : [
          [
            name,
            String(n),
            percent(credit.a),
            percent(credit.b),
            points(credit.difference),
            credit.bootstrap === null && credit.difference === 0
              ? NO_DIFFERENCE
              : pointsInterval(credit.bootstrap),
          ],
        ],
  )
  return rows.length === 0 ? [] : ['', ...aligned([['partial credit', ...HEADER.slice(1, 6)], ...rows])]
}

function named({
  overall,
  byTransform,
  byCategory,
}: Pick<Comparison, 'overall' | 'byTransform' | 'byCategory'>): [string, PairedFigures][] {
  const transforms = TRANSFORMS.flatMap((name): [string, PairedFigures][] => {
    const figures = byTransform[name]
    return figures === undefined ? [] : [[PRINTED_TRANSFORMS[name], figures]]
  })
  return [...transforms, ...Object.entries(byCategory), ['all', overall]]
}

function rowOf(name: string, figures: PairedFigures): string[] {
  const { n, accuracyA, accuracyB, difference, gained, lost, mcnemar } = figures
  return [
    name,
    String(n),
    percent(accuracyA),
    percent(accuracyB),
    points(difference),
    intervalOf(figures),
    String(gained),
    String(lost),
    mcnemar < 0.0001 ? '< 0.0001' : mcnemar.toFixed(4),
  ]
}

function flipLines({
  title,
  flips,
  shown,
}: {
  title: string
  flips: readonly Flip[]
  shown: number
}): string[] {
  if (flips.length === 0 || shown === 0) return []
  const more = flips.length - shown
  return [
    '',
    `${title} (${flips.length}):`,
    ...flips
      .slice(0, shown)
      .flatMap(({ key, taskId, transform, question, answers, a, b }) => [
        `  ${taskId} · ${PRINTED_TRANSFORMS[transform]} · ${short(question)} → ${answers.map(short).join(' | ')}`,
        `    key ${key}`,
        `    A ${told(a)}`,
        `    B ${told(b)}`,
      ]),
    ...(more > 0 ? [`  … and ${more} more: --flips N shows them, --json FILE holds all`] : []),
  ]
}

function told({ answer, outcome, link }: FlippedAnswer): string {
  return `${outcome}: ${answer === null ? 'no answer' : short(answer)}  ${link}`
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
