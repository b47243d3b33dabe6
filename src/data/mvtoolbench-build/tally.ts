import type { WordProblem } from './image-text.js'
import type { DropReason } from './proposal.js'
import { QUESTION_KINDS, type QuestionKind } from './question-kind.js'

/** Why an image with questions gives none. */
export const IMAGE_PROBLEMS = [
  'no image file',
  'image file cannot be read',
  'size differs from the annotations',
  'turned by an EXIF tag',
  'CMYK or several frames',
  'annotated twice',
] as const
export type ImageProblem = (typeof IMAGE_PROBLEMS)[number]

/** What was seen, and what became of it. */
export interface Tally {
  images: number
  words: number
  wordProblems: Record<string, number>
  imageProblems: Record<string, number>
  /** By kind: what was found, and left out for which reason; `images` that could be asked at least one. */
  kinds: Record<QuestionKind, { candidates: number; images: number; drops: Record<string, number> }>
}

export function createTally(): Tally {
  const kinds = Object.fromEntries(
    QUESTION_KINDS.map((kind) => [kind, { candidates: 0, images: 0, drops: {} }]),
  ) as Tally['kinds']
  return { images: 0, words: 0, wordProblems: {}, imageProblems: {}, kinds }
}

/** Add to a count by its name. */
export function add(
  counts: Record<string, number>,
  name: WordProblem | ImageProblem | DropReason,
  count = 1,
): void {
  counts[name] = (counts[name] ?? 0) + count
}
