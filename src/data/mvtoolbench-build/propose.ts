import { proposeCountOccurrences } from './kinds/count-occurrences.js'
import { proposeCountWords } from './kinds/count-words.js'
import { proposeLineEnd } from './kinds/line-end.js'
import { proposeNextLine } from './kinds/next-line.js'
import { proposeNumberAfter } from './kinds/number-after.js'
import { proposeWordAfter } from './kinds/word-after.js'
import type { Propose } from './proposal.js'
import type { QuestionKind } from './question-kind.js'

/** How questions of each kind are found. */
export const PROPOSE: Readonly<Record<QuestionKind, Propose>> = {
  'next-line': proposeNextLine,
  'word-after': proposeWordAfter,
  'count-words': proposeCountWords,
  'count-occurrences': proposeCountOccurrences,
  'number-after': proposeNumberAfter,
  'line-end': proposeLineEnd,
}
