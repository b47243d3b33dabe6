import { wilson } from '../../evaluation/statistics/wilson.js'
import { aligned } from '../../evaluation/table/aligned.js'
import { FATES, type Fate } from './decide-item.js'
import type { FilterReport, GroupReport } from './filter-report.js'
import { passLabels } from './pass-labels.js'

const ALWAYS: ReadonlySet<Fate> = new Set(['kept', 'all-right', 'all-wrong'])

/** A report of the difficulty filter as lines for the terminal. */
export function filterTable(report: FilterReport): string[] {
  return [
    ...rowLines(report),
    '',
    ...groupLines(report),
    '',
    ...toolLines(report),
    '',
    ...histogramLines(report),
    ...intervalLines(report),
    ...balanceLines(report),
  ]
}

function rowLines({ rows, sources, runs, dealt }: FilterReport): string[] {
  const { read, repeatedByKey, repeatedByPixels, asked } = rows
  const repeated = repeatedByKey + repeatedByPixels
  const left = read - repeated - asked
  return [
    `Rows read: ${number(read)} (${sources.map(({ name, rows: count }) => `${name} ${number(count)}`).join(' · ')})${
      repeated === 0
        ? ''
        : `, ${number(repeated)} repeat an earlier one (${number(repeatedByKey)} byte by byte, ${number(repeatedByPixels)} in other files) and count once`
    }${left === 0 ? '' : `, ${number(left)} left out by --limit`}`,
    ...(dealt === null
      ? []
      : [
          `Transformations given here: ${Object.entries(dealt)
            .map(([name, count]) => `${name} ${number(count)}`)
            .join(' · ')}`,
        ]),
    ...runs.map(
      ({ policy, scoring, judge, epochs }) =>
        `Rollouts: ${epochs} a row of ${policy.name === policy.model ? policy.name : `${policy.name} ${policy.model}`}, scoring ${scoring}, judge ${judge}`,
    ),
  ]
}

function groupLines({ overall, byTransform }: FilterReport): string[] {
  const shown = FATES.filter((fate) => ALWAYS.has(fate) || overall.fates[fate] > 0)
  const row = (name: string, group: GroupReport): string[] => [
    name,
    number(group.rows),
    ...shown.map((fate) => number(group.fates[fate])),
    percent(group.meanPassRate.before),
    percent(group.meanPassRate.kept),
  ]
  return aligned([
    ['transform', 'rows', ...shown, 'mean pass rate', 'of kept'],
    ...Object.entries(byTransform).map(([name, group]) => row(name, group)),
    row('all', overall),
  ])
}

function toolLines({ tools: { required, used } }: FilterReport): string[] {
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${number(count)}`)
      .join(' · ')
  return [
    `Must-use tools of the kept rows: ${listed(required) || '–'}`,
    `Used by their rollouts: ${listed(used) || 'no tool'}`,
  ]
}

function histogramLines({ overall: { passRates }, rollouts: { perRow } }: FilterReport): string[] {
  return aligned([
    [...passLabels({ passRates, perRow })],
    ['rows', ...passRates.before.counts.map(number)],
    ['kept', ...passRates.kept.counts.map(number)],
  ])
}

/** How little a few rollouts say of a row. */
function intervalLines({ rollouts: { perRow } }: FilterReport): string[] {
  if (perRow === null) return []
  const { least, most } = perRow
  const of = (successes: number): string => {
    const [low, high] = wilson({ successes, n: most })
    return `${successes} of ${most} right: ${percent(low, 0)} to ${percent(high, 0)}`
  }
  const half = Math.floor(most / 2)
  const told = [...new Set([0, half, most])].map(of).join(' · ')
  return [
    '',
    `A row has ${least === most ? most : `${least} to ${most}`} scored ${most === 1 ? 'rollout' : 'rollouts'}. What that says of its true pass rate (Wilson, 95 %): ${told}.`,
  ]
}

function balanceLines({
  balance,
  options: { count, balance: by },
  overall: { fates },
}: FilterReport): string[] {
  if (count === undefined) return []
  const lines = fates.kept < count ? [`Wanted ${number(count)} rows, ${number(fates.kept)} passed.`] : []
  if (by.length === 0) return lines.length === 0 ? [] : ['', ...lines]
  const short = balance
    .filter(({ available, wanted }) => available < wanted)
    .sort((a, b) => a.group.length - b.group.length)
  const table = aligned([
    [`short of, by ${by.join(' and ')}`, 'equal share', 'passed'],
    ...short
      .slice(0, SHOWN_SHORT)
      .map(({ group, wanted, available }) => [group.join(' · '), number(wanted), number(available)]),
  ])
  const more = short.length - SHOWN_SHORT
  return [
    '',
    ...lines,
    ...(short.length === 0
      ? [`Balanced by ${by.join(' and ')}: every group has its equal share.`]
      : [
          ...table,
          ...(more > 0 ? [`… and ${more} more groups: \`balance\` in report.json`] : []),
          'What they lack, other groups gave.',
        ]),
  ]
}

const SHOWN_SHORT = 12

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function percent(share: number | null, digits = 1): string {
  return share === null ? '–' : `${(share * 100).toFixed(digits)} %`
}
