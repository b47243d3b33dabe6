import { useState } from 'preact/hooks'
import type { ReportData } from '../../report-data.js'
import { usualPaperRows } from './choose-paper-rows.js'

/** A figure of the paper beside one of ours. */
export interface Mark {
  /** Place of its row among the paper's rows for the suite. */
  row: number
  /** In percent. */
  value: number
  model: string
}

/** The paper's rows for a suite, and which of them the reader wants to see; one choice for all figures of the page. */
export interface PaperRows {
  rows: ReportData['paper']
  /** Places in `rows`, ascending. */
  shown: readonly number[]
  toggle(row: number): void
  /** What the shown rows say of a transformation, or of `overall`. */
  marksFor(name: string): Mark[]
}

/** Begins with the rows of the run's own backbone, or the smallest pair of the paper. */
export function usePaperRows({ paper, summary }: Pick<ReportData, 'paper' | 'summary'>): PaperRows {
  const [shown, setShown] = useState<readonly number[]>(() =>
    usualPaperRows({ rows: paper, model: summary.policy.model }),
  )
  return {
    rows: paper,
    shown,
    toggle: (row) =>
      setShown(
        shown.includes(row) ? shown.filter((other) => other !== row) : [...shown, row].sort((a, b) => a - b),
      ),
    marksFor: (name) =>
      shown.flatMap((row) => {
        const value = paper[row]?.accuracy[name]
        return value === undefined ? [] : [{ row, value, model: paper[row]?.model ?? '' }]
      }),
  }
}
