import type { BuildReport, SplitReport } from './build-report.js'
import { QUESTION_KINDS } from './question-kind.js'
import { APPLIED_TRANSFORMS } from './slots.js'

/** The report as lines of plain text. */
export function renderReport({ tally, splits }: BuildReport): string[] {
  const kinds = QUESTION_KINDS.filter(
    (kind) => tally.kinds[kind].candidates > 0 || hasEntries(tally.kinds[kind].drops),
  )
  return [
    `${tally.images} annotated images, ${tally.words} words`,
    ...counts('Words that cannot be used', tally.wordProblems),
    ...counts('Images left out although questions were found', tally.imageProblems),
    '',
    ...aligned([
      ['kind', 'candidates', 'images'],
      ...kinds.map((kind) => [kind, tally.kinds[kind].candidates, tally.kinds[kind].images]),
    ]),
    ...kinds.flatMap((kind) => counts(`Not asked, ${kind}`, tally.kinds[kind].drops)),
    ...Object.entries(splits).flatMap(([name, split]) => ['', ...renderSplit(name, split)]),
  ]
}

function renderSplit(name: string, { rows, images, table, answers }: SplitReport): string[] {
  const kinds = QUESTION_KINDS.filter((kind) => table[kind])
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const ofKind = (kind: (typeof kinds)[number]): number[] =>
    APPLIED_TRANSFORMS.map((transform) => table[kind]?.[transform] ?? 0)
  const totals = APPLIED_TRANSFORMS.map((transform) =>
    sum(kinds.map((kind) => table[kind]?.[transform] ?? 0)),
  )
  return [
    `Split ${name}: ${rows} rows on ${images} images`,
    ...aligned([
      ['kind', ...APPLIED_TRANSFORMS, 'all', 'answers', 'commonest'],
      ...kinds.map((kind) => {
        const { different = 0, commonest = '', count = 0 } = answers[kind] ?? {}
        return [kind, ...ofKind(kind), sum(ofKind(kind)), different, `${count} × ${commonest}`]
      }),
      ['all', ...totals, sum(totals)],
    ]),
  ]
}

function hasEntries(record: Readonly<Record<string, number>>): boolean {
  return Object.keys(record).length > 0
}

function counts(title: string, record: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(record)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${count} ${name}`)
  return parts.length === 0 ? [] : [`${title}: ${parts.join(', ')}`]
}

/** Columns, the first to the left, the others to the right. */
function aligned(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, String(cell).length)))
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === 0 ? String(cell).padEnd(widths[at] ?? 0) : String(cell).padStart(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}
