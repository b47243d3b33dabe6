import { TRANSFORMS, type Transform } from '../../core/transform.js'
import type { BalanceShare } from './choose-balanced.js'
import { FATES, type Fate } from './decide-item.js'
import type { Filtered } from './filter-items.js'
import type { FilterItem } from './filter-item.js'
import type { FilterOptions } from './filter-options.js'
import type { Source } from './open-sources.js'
import { histogramSteps, passHistogram, type PassCount, type PassHistogram } from './pass-histogram.js'
import type { Survey } from './survey-rows.js'
import type { RolloutSource, RolloutTally } from './tally-rollouts.js'

/** What became of the rows of a group. */
export interface GroupReport {
  readonly rows: number
  readonly fates: Readonly<Record<Fate, number>>
  /** Of the rows with enough rollouts, and of those that were kept; null where there are none. */
  readonly meanPassRate: { readonly before: number | null; readonly kept: number | null }
  readonly passRates: { readonly before: PassHistogram; readonly kept: PassHistogram }
}

/** What filtering did, as report.json holds it: a function of the rows, the options and the rollouts, without times or places. */
export interface FilterReport {
  readonly schemaVersion: 1
  readonly options: FilterOptions
  readonly sources: readonly { name: string; rows: number; sha256: string }[]
  /** Rows that were read, that repeat an earlier one, and that were asked. */
  readonly rows: { read: number; repeatedByKey: number; repeatedByPixels: number; asked: number }
  /** Rows that were given each transformation here; null where all stayed as they were. */
  readonly dealt: Readonly<Record<Transform, number>> | null
  readonly runs: readonly Omit<RolloutSource, 'path'>[]
  /** Rollouts of all rows; `perRow`: the least and the most that were scored of a row with enough of them. */
  readonly rollouts: {
    scored: number
    correct: number
    failed: number
    perRow: { least: number; most: number } | null
  }
  readonly overall: GroupReport
  /** Those that there are. */
  readonly byTransform: Readonly<Partial<Record<Transform, GroupReport>>>
  readonly byCategory: Readonly<Record<string, Pick<GroupReport, 'rows' | 'fates' | 'meanPassRate'>>>
  readonly balance: readonly BalanceShare[]
  /** Of the rows that were kept: how many need each tool (`(none)`: no tool, `(unknown)`: the row does not say), and how many of their rollouts used it. */
  readonly tools: {
    readonly required: Readonly<Record<string, number>>
    readonly used: Readonly<Record<string, number>>
  }
  /** SHA-256 of rows.parquet; null where no row was kept. */
  readonly sha256: string | null
}

/** Put together what became of rows; that of the file is added when it is written. */
export function filterReport({
  options,
  sources,
  survey,
  items,
  tallies,
  runs,
  filtered: { fates, shares },
}: {
  options: FilterOptions
  sources: readonly Source[]
  survey: Survey
  items: readonly FilterItem[]
  tallies: ReadonlyMap<string, RolloutTally>
  runs: readonly RolloutSource[]
  filtered: Filtered
}): Omit<FilterReport, 'sha256'> {
  const decided = items.map((item, at): Decided => {
    const fate = fates[at] ?? 'incomplete'
    const tally = tallies.get(item.key)
    const isMeasured = tally !== undefined && fate !== 'incomplete' && fate !== 'unusable'
    return { item, fate, passes: isMeasured ? { correct: tally.correct, n: tally.n } : null }
  })
  const measured = decided.flatMap(({ passes }) => passes ?? [])
  const steps = histogramSteps(measured)
  const group = (rows: readonly Decided[]): GroupReport => groupReport({ rows, steps })
  const all = [...tallies.values()]
  const sum = (value: (tally: RolloutTally) => number): number =>
    all.reduce((total, one) => total + value(one), 0)
  const counts = measured.map(({ n }) => n)
  return {
    schemaVersion: 1,
    options,
    sources: sources.map(({ name, rows }) => ({ name, rows: rows.count, sha256: rows.sha256 })),
    rows: {
      read: survey.counts.reduce((total, count) => total + count, 0),
      repeatedByKey: survey.repeated.byKey,
      repeatedByPixels: survey.repeated.byPixels,
      asked: items.length,
    },
    dealt: options.transform === 'balanced' ? dealtOf(items) : null,
    runs: runs.map(({ policy, scoring, judge, epochs }) => ({ policy, scoring, judge, epochs })),
    rollouts: {
      scored: sum(({ n }) => n),
      correct: sum(({ correct }) => correct),
      failed: sum(({ failed }) => failed),
      perRow:
        counts.length === 0
          ? null
          : {
              least: counts.reduce((a, b) => Math.min(a, b)),
              most: counts.reduce((a, b) => Math.max(a, b)),
            },
    },
    overall: group(decided),
    byTransform: Object.fromEntries(
      TRANSFORMS.map((name) => [name, decided.filter(({ item }) => item.transform === name)] as const)
        .filter(([, rows]) => rows.length > 0)
        .map(([name, rows]) => [name, group(rows)]),
    ),
    byCategory: categoriesOf(decided),
    balance: shares,
    tools: toolsOf({ decided, tallies }),
  }
}

interface Decided {
  item: FilterItem
  fate: Fate
  /** Null where too little is known. */
  passes: PassCount | null
}

function groupReport({ rows, steps }: { rows: readonly Decided[]; steps: number }): GroupReport {
  const before = rows.flatMap(({ passes }) => passes ?? [])
  const kept = rows.flatMap(({ passes, fate }) => (fate === 'kept' ? (passes ?? []) : []))
  return {
    rows: rows.length,
    fates: Object.fromEntries(
      FATES.map((fate) => [fate, rows.filter((row) => row.fate === fate).length]),
    ) as Record<Fate, number>,
    meanPassRate: { before: meanOf(before), kept: meanOf(kept) },
    passRates: { before: passHistogram({ rows: before, steps }), kept: passHistogram({ rows: kept, steps }) },
  }
}

function meanOf(rows: readonly PassCount[]): number | null {
  if (rows.length === 0) return null
  return rows.reduce((sum, { correct, n }) => sum + correct / n, 0) / rows.length
}

/** Of rows that came without a transformation, which they were given. */
function dealtOf(items: readonly FilterItem[]): Record<Transform, number> {
  const counts = TRANSFORMS.map((name) => {
    const dealt = items.filter(
      ({ transform, isTurnedHere }) => transform === name && (isTurnedHere || name === 'none'),
    )
    return [name, dealt.length] as const
  })
  return Object.fromEntries(counts) as Record<Transform, number>
}

function categoriesOf(decided: readonly Decided[]): FilterReport['byCategory'] {
  const groups = new Map<string, Decided[]>()
  for (const row of decided) {
    const name = row.item.category
    if (name === null) continue
    const known = groups.get(name)
    if (known === undefined) groups.set(name, [row])
    else known.push(row)
  }
  return Object.fromEntries(
    [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, rows]) => {
        const { rows: count, fates, meanPassRate } = groupReport({ rows, steps: 1 })
        return [name, { rows: count, fates, meanPassRate }]
      }),
  )
}

function toolsOf({
  decided,
  tallies,
}: {
  decided: readonly Decided[]
  tallies: ReadonlyMap<string, RolloutTally>
}): FilterReport['tools'] {
  const [required, used] = [new Map<string, number>(), new Map<string, number>()]
  const add = (counts: Map<string, number>, name: string, count: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + count)
  }
  for (const { item, fate } of decided) {
    if (fate !== 'kept') continue
    const { requiredTools, key } = item
    if (requiredTools === null) add(required, '(unknown)', 1)
    else if (requiredTools.length === 0) add(required, '(none)', 1)
    else for (const tool of requiredTools) add(required, tool, 1)
    for (const [tool, count] of tallies.get(key)?.tools ?? []) add(used, tool, count)
  }
  return { required: byCount(required), used: byCount(used) }
}

/** The most frequent first. */
function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
}
