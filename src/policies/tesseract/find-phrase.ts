import type { Box } from '../../core/transform.js'
import { unionOf } from './boxes.js'
import { trimAnswer } from './answer-tokens.js'
import type { Page, PageLine, PageWord } from './page.js'
import { normalise, similarity } from './similarity.js'

/** A place of a page that reads like a phrase. */
export interface PhraseMatch {
  line: PageLine
  words: readonly PageWord[]
  box: Box
  similarity: number
}

/** Below this two texts are not taken for the same. */
const MIN_SIMILARITY = 0.7

/** Places where a page reads like `phrase`, in reading order; those much worse than the best are left out. */
export function findPhrase({ page, phrase }: { page: Page; phrase: string }): PhraseMatch[] {
  const size = phrase.split(/\s+/).filter((word) => normalise(word) !== '').length
  if (size === 0) return []
  const matches = page.lines.flatMap((line) => matchLine({ line, phrase, size }))
  const best = Math.max(0, ...matches.map((match) => match.similarity))
  return matches.filter((match) => match.similarity >= best - 0.12)
}

/** Windows of about as many words as the phrase has (OCR joins and splits words); the best first, none overlapping. */
function matchLine({ line, phrase, size }: { line: PageLine; phrase: string; size: number }): PhraseMatch[] {
  const candidates: (PhraseMatch & { start: number; end: number })[] = []
  for (let start = 0; start < line.words.length; start++) {
    for (const length of new Set([Math.max(1, size - 1), size, size + 1])) {
      const words = line.words.slice(start, start + length)
      if (words.length < length) continue
      const text = words.map((word) => word.text).join(' ')
      // Among equals the one that is written alike counts more (JP, not J.P.).
      const found = 0.97 * similarity(text, phrase) + (trimAnswer(text) === phrase ? 0.03 : 0)
      if (found < MIN_SIMILARITY) continue
      const box = unionOf(words.map((word) => word.box))
      candidates.push({ line, words, box, similarity: found, start, end: start + length })
    }
  }
  const kept: typeof candidates = []
  for (const candidate of candidates.sort((a, b) => b.similarity - a.similarity || a.start - b.start)) {
    if (kept.every((other) => candidate.end <= other.start || candidate.start >= other.end))
      kept.push(candidate)
  }
  return kept.sort((a, b) => a.start - b.start)
}
