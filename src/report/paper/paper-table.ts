import { aligned } from '../../evaluation/table/aligned.js'
import {
  percent,
  percentInterval,
  points,
  PRINTED_TRANSFORMS,
} from '../../evaluation/table/format-figures.js'
import type { PaperCell, PaperComparison } from './paper-comparison.js'
import type { SetupLine } from './paper-setup.js'

const HEADER = ['', 'paper', 'ours', '95 % interval', 'difference', 'n']
const FLAGS: Readonly<Record<SetupLine['status'], string>> = { same: '=', differs: '≠', unknown: '?' }

/** Runs beside the paper's figures: a table a run, every transformation on its own, and what of the setup is the same. */
export function renderPaperTable({
  comparisons,
  format,
}: {
  comparisons: readonly PaperComparison[]
  format: 'text' | 'markdown'
}): string {
  return comparisons
    .map((comparison) => (format === 'text' ? textOf(comparison) : markdownOf(comparison)))
    .join('\n\n')
}

function textOf(comparison: PaperComparison): string {
  return [
    title(comparison),
    '',
    ...aligned([HEADER, ...comparison.cells.map(cells)]),
    ...incomplete(comparison).flatMap((line) => ['', line]),
    ...(comparison.setup.length === 0 ? [] : ['', 'as in the paper? (= same, ≠ differs, ? not known)']),
    ...comparison.setup.map(({ what, status, note }) => `  ${FLAGS[status]} ${what}: ${note}`),
  ].join('\n')
}

function markdownOf(comparison: PaperComparison): string {
  const line = (texts: readonly string[]): string => `| ${texts.map(escaped).join(' | ')} |`
  return [
    `### ${title(comparison)}`,
    '',
    line(HEADER),
    line(HEADER.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...comparison.cells.map((cell) => line(cells(cell))),
    ...incomplete(comparison).flatMap((text) => ['', text]),
    ...(comparison.setup.length === 0 ? [] : ['', 'As in the paper? (= same, ≠ differs, ? not known)', '']),
    ...comparison.setup.map(({ what, status, note }) => `- ${FLAGS[status]} ${what}: ${note}`),
  ].join('\n')
}

function title({ run, suite, model, row }: PaperComparison): string {
  const own = `${suite} · ${model} (${run})`
  if (row === null)
    return `${own}: the paper has no row for it; none of its models stands in this name, and no paperRow in the configuration names one`
  const tools = row.tools ? 'with' : 'without'
  const by =
    row.by === 'guess'
      ? 'guessed from the model (paperRow in the configuration says it)'
      : 'as the configuration says'
  return `${own} beside the paper's ${row.model} ${tools} tools, ${by}`
}

function cells({ figure, paper, ours, interval, difference, n }: PaperCell): string[] {
  return [
    figure === 'overall' ? 'average' : PRINTED_TRANSFORMS[figure],
    percent(paper),
    percent(ours),
    percentInterval(interval),
    points(difference),
    String(n),
  ]
}

function incomplete({ isComplete, scored, planned }: PaperComparison): string[] {
  return isComplete ? [] : [`Incomplete: ${scored} of ${planned} samples scored.`]
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
