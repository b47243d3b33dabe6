import type { Box } from '../../core/transform.js'
import type { QuestionKind } from './question-kind.js'

/** A question that can be asked about an image as it is in its file. */
export interface Candidate {
  kind: QuestionKind
  question: string
  answer: string
  alternatives: readonly string[]
  /** What holds the answer, in pixels of the canonical image. */
  box: Box
}

/** An image, and one question of each kind that can be asked about it. */
export interface AskableImage {
  imageId: string
  /** Absolute. */
  path: string
  width: number
  height: number
  candidates: Partial<Record<QuestionKind, Candidate>>
}
