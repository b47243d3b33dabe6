import { heightOf, widthOf } from './boxes.js'
import type { Page, PageWord } from './page.js'

/** How well a view reads. */
export interface Legibility {
  /** Characters of words that were read with confidence, each weighted by it. */
  score: number
  /** Those characters as a share of all that were read. */
  share: number
  /** Confident words with several letters: figures alone read upside down as well. */
  words: number
}

const CONFIDENT = 60

/**
 * Measure how much of a page reads as text. Text that is upside down, mirrored or on its side still gives words, but few
 * confident ones.
 */
export function measureLegibility({ words }: Page): Legibility {
  const characters = words.reduce((sum, word) => sum + word.text.length, 0)
  const plain = words.filter(isPlainlyRead)
  const score = plain.reduce((sum, word) => sum + (word.confidence / 100) * word.text.length, 0)
  return {
    score,
    share: characters === 0 ? 0 : score / characters,
    words: plain.filter(({ text }) => /\p{L}{3}/u.test(text)).length,
  }
}

/** Whether a page is upright beyond doubt, without trying another orientation. */
export function isConvincing({ score, share, words }: Legibility): boolean {
  return score >= 12 && share >= 0.5 && words >= 3
}

/** Whether one orientation reads so much better than another that the rest need not be tried. */
export function dominates(best: Legibility, other: Legibility): boolean {
  return best.score >= 30 && best.score >= 4 * other.score
}

function isPlainlyRead({ text, confidence, box }: PageWord): boolean {
  const liesDown = text.length >= 3 && heightOf(box) > 1.2 * widthOf(box)
  return confidence >= CONFIDENT && /[\p{L}\p{N}]{2}/u.test(text) && !liesDown
}
