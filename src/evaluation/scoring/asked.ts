import type { Scorer } from '../../core/scorer.js'

/** The question that a trajectory answers, and what scorers need beside it. */
export interface Asked {
  question: string
  /** Accepted answers; of a choice, the letter of the right option. */
  answers: readonly string[]
  taskType?: string | undefined
  /** Absent: `none`. */
  scorer?: Scorer | undefined
  /** Texts of the options, A first. */
  options?: readonly string[] | undefined
  category?: string | undefined
  metadata?: Readonly<Record<string, unknown>> | undefined
}
