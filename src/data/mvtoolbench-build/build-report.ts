import type { Transform } from '../../core/transform.js'
import type { PlannedRow } from './plan-rows.js'
import { QUESTION_KINDS, type QuestionKind } from './question-kind.js'
import { APPLIED_TRANSFORMS } from './slots.js'
import type { Tally } from './tally.js'

/** What came of a build; a pure function of its input, without times. */
export interface BuildReport {
  /** What was asked for. */
  parameters: Readonly<Record<string, unknown>>
  tally: Tally
  splits: Record<string, SplitReport>
}

export interface SplitReport {
  rows: number
  images: number
  /** Rows by kind and transformation. */
  table: Partial<Record<QuestionKind, Record<string, number>>>
  /** By kind: how many different answers, and how often the commonest comes: what a guess would get. */
  answers: Partial<Record<QuestionKind, { different: number; commonest: string; count: number }>>
  /** SHA-256 of the rows' file. */
  sha256?: string
}

/** The figures of one split. */
export function reportSplit(rows: readonly PlannedRow[]): SplitReport {
  const report: SplitReport = {
    rows: rows.length,
    images: new Set(rows.map(({ image }) => image.imageId)).size,
    table: {},
    answers: {},
  }
  for (const kind of QUESTION_KINDS) {
    const own = rows.filter(({ candidate }) => candidate.kind === kind)
    if (own.length === 0) continue
    const ofTransform = (transform: Transform): number =>
      own.filter((row) => row.transform === transform).length
    report.table[kind] = Object.fromEntries(APPLIED_TRANSFORMS.map((name) => [name, ofTransform(name)]))
    const counts = new Map<string, number>()
    for (const { candidate } of own) counts.set(candidate.answer, (counts.get(candidate.answer) ?? 0) + 1)
    const [commonest, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))
    report.answers[kind] = { different: counts.size, commonest, count }
  }
  return report
}
