/** Figures of one step by name, such as `reward/total`; what cannot be told is left out. */
export type Figures = Readonly<Record<string, number>>

/** One line of metrics.jsonl. */
export interface StepMetrics {
  /** Steps that were taken, this one included; 0: before the first. */
  readonly step: number
  /** Pass over the data, from 0. */
  readonly pass: number
  /** ISO time. */
  readonly at: string
  /** Finite, all of them. */
  readonly figures: Figures
}

/** JSON and curves know finite numbers only. */
export function finiteFigures(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)))
}
