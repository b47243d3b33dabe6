import type { AttackReport, AttackRow } from './run-attacks.js'

const HEAD = ['attack', 'stopped by', 'with that layer left out', 'verdict', 'recovery', ''] as const

/** The table of a run, in Markdown, and what is not as it must be. */
export function reportLines({ machine, date, runtime, rows, wrong }: AttackReport): string[] {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0), 3))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const failed = rows.filter((row) => row.wrong.length > 0)
  return [
    `${runtime}, ${date}, ${machine}`,
    '',
    line(HEAD),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map((row) => line(cellsOf(row))),
    '',
    ...failed.flatMap((row) => row.wrong.map((what) => `${row.attack}: ${what}`)),
    ...wrong,
    `${rows.length - failed.length} of ${rows.length} attacks ended as they must.`,
  ]
}

function cellsOf({ attack, stopped, withoutIt, verdict, recoveryMs, wrong }: AttackRow): string[] {
  return [
    attack,
    stopped === null ? 'nothing' : `${stopped.layer} (${stopped.evidence})`,
    withoutIt ?? '—',
    verdict.slice(0, 60),
    recoveryMs === null ? 'never' : `${recoveryMs.toFixed(0)} ms`,
    wrong.length === 0 ? 'right' : 'WRONG',
  ]
}

/** Whether every attack ended as it must. */
export function isRight({ rows, wrong }: AttackReport): boolean {
  return rows.length > 0 && wrong.length === 0 && rows.every((row) => row.wrong.length === 0)
}
