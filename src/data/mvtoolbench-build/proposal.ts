import type { ImageText, TextWord } from './image-text.js'
import type { Phrases } from './phrases.js'

/** Why a question that could have been asked is not. */
export const DROP_REASONS = [
  'place has no unique phrase',
  'repeated in its line',
  'lines stand side by side',
  'no line follows',
  'following line cannot be used',
  'other text in between',
  'answer too short',
  'answer too long',
  'answer is no plain word',
  'words cannot be counted for sure',
  'illegible text in the image',
  'written in several ways',
  'occurrences cannot all be used',
  'number cannot be told for sure',
  'answer stands in the question',
  'text larger than the limit',
  'readable in the view',
  'evidence too far apart',
] as const

export type DropReason = (typeof DROP_REASONS)[number]

/** A question about one image, before it is known whether its evidence has the right size. */
export interface Proposal {
  /** Wordings with `{name}` where a text of `slots` belongs. */
  wordings: readonly string[]
  slots: Readonly<Record<string, string>>
  answer: string
  /** Further forms of the answer that are right. */
  alternatives: readonly string[]
  /** The words that hold the answer. */
  evidence: readonly TextWord[]
}

/** Everything of one kind that can be asked about an image; `drop` is told of what cannot, and why. */
export type Propose = (parameters: {
  image: ImageText
  phrases: Phrases
  drop: (reason: DropReason) => void
}) => Proposal[]
