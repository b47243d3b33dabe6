import { TRANSFORMS } from '../../core/transform.js'
import type { Interval } from '../statistics/wilson.js'
import { aligned } from '../table/aligned.js'
import { percent, points, pointsInterval, PRINTED_TRANSFORMS } from '../table/format-figures.js'
import type { Comparison, ComparedRun } from './compare-runs.js'
import type { Flip, FlippedAnswer } from './flip.js'
import type { PairedFigures } from './paired-figures.js'
import { reportedDifference, trustedInterval } from './reported-difference.js'

const HEADER = ['n', 'A', 'B', 'B − A', '95 % interval']
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
  const hasCredit = overall.credit !== null
  return [
    describe('A', a),
    describe('B', b),
    ...list('Compared all the same (--force):', forced),
    ...list('Settings that differ:', settings),
    '',
    ...reportedTable(comparison),
    ...(hasCredit ? fullCreditTable(comparison) : []),
    '',
    ...(onlyA + onlyB > 0
      ? [`Over the ${overall.n} samples that both have scored; ${onlyA} only in A, ${onlyB} only in B.`]
      : []),
    ...(overall.clusters < overall.n
      ? [
          `The ${overall.n} pairs come from ${overall.clusters} questions: intervals are bootstrapped over questions; ${hasCredit ? "the sign test's" : "McNemar's"} p takes pairs as independent, so it may be too small.`,
        ]
      : []),
    ...flipLines({
      ...{ title: hasCredit ? 'B earned more' : 'A wrong, B right', flips: flips.gained },
      ...{ hasCredit, shown: shownFlips },
    }),
    ...flipLines({
      ...{ title: hasCredit ? 'A earned more' : 'A right, B wrong', flips: flips.lost },
      ...{ hasCredit, shown: shownFlips },
    }),
  ].join('\n')
}

/** Several runs against one: a line a run, a column a transformation, differences in percentage points with their intervals. */
export function renderComparisonMatrix(comparisons: readonly Comparison[]): string {
  const [first] = comparisons
  if (first === undefined) return ''
  const occurring = TRANSFORMS.filter((name) =>
    comparisons.some(({ byTransform }) => byTransform[name] !== undefined),
  )
  const cell = (figures: PairedFigures | undefined): string => {
    if (figures === undefined) return '–'
    const { difference, interval } = reportedDifference(figures)
    return `${points(difference)} (${intervalText({ figures, interval })})`
  }
  const what = comparisons.some(({ overall }) => overall.credit !== null) ? 'mean credit, ' : ''
  return [
    `Against ${first.a.name} (${first.a.policy.model}), ${what}in percentage points:`,
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

/** Of pairs that are all alike no interval can be drawn, and 0 to 0 would claim what nobody knows. */
function intervalText({ figures, interval }: { figures: PairedFigures; interval: Interval | null }): string {
  const isAlike = figures.gained === 0 && figures.lost === 0
  return interval === null && isAlike ? 'no discordant pairs' : pointsInterval(interval)
}

function describe(side: string, { path, suite, policy, scoring, judge }: ComparedRun): string {
  return `${side}: ${path} · ${suite} · ${policy.name} (${policy.model}) · scoring ${scoring} · judge ${judge}`
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

/** What the benchmark reports, with gains, losses and their test. */
function reportedTable(comparison: Comparison): string[] {
  const hasCredit = comparison.overall.credit !== null
  const head = [
    ...[hasCredit ? 'mean credit' : '', ...HEADER, 'gained', 'lost'],
    hasCredit ? 'sign test p' : 'McNemar p',
  ]
  const rows = named(comparison).map(([name, figures]) => {
    const { a, b, difference, interval } = reportedDifference(figures)
    const { n, gained, lost, mcnemar } = figures
    return [
      ...[name, String(n), percent(a), percent(b), points(difference), intervalText({ figures, interval })],
      ...[String(gained), String(lost), mcnemar < 0.0001 ? '< 0.0001' : mcnemar.toFixed(4)],
    ]
  })
  return aligned([head, ...rows])
}

/** Beside partial credit: how many answers earned all of it. */
function fullCreditTable(comparison: Comparison): string[] {
  const rows = named(comparison).map(([name, figures]) => {
    const { n, accuracyA, accuracyB, difference } = figures
    const interval = intervalText({ figures, interval: trustedInterval(figures) })
    return [name, String(n), percent(accuracyA), percent(accuracyB), points(difference), interval]
  })
  return ['', ...aligned([['full credit', ...HEADER], ...rows])]
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

function flipLines({
  title,
  flips,
  hasCredit,
  shown,
}: {
  title: string
  flips: readonly Flip[]
  /** Whether what both earned stands with each. */
  hasCredit: boolean
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
        `  ${taskId} · ${PRINTED_TRANSFORMS[transform]} · ${hasCredit ? `${creditText(a)} → ${creditText(b)} · ` : ''}${short(question)} → ${answers.map(short).join(' | ')}`,
        `    key ${key}`,
        `    A ${told(a)}`,
        `    B ${told(b)}`,
      ]),
    ...(more > 0 ? [`  … and ${more} more: --flips N shows them, --json FILE holds all`] : []),
  ]
}

/** `0.4`, `1`. */
function creditText({ credit }: FlippedAnswer): string {
  return String(Number(credit.toFixed(3)))
}

function told({ answer, outcome, link }: FlippedAnswer): string {
  return `${outcome}: ${answer === null ? 'no answer' : short(answer)}  ${link}`
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
