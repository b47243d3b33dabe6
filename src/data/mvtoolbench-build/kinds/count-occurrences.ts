import type { TextWord } from '../image-text.js'
import type { Propose } from '../proposal.js'
import { countAnswer } from './number-words.js'

const WORDINGS = [
  'How many times does the word "{word}" occur in the image?',
  'Count how often the word "{word}" is written in the image.',
  'The word "{word}" stands in the image more than once. How many times exactly?',
]
const MOST = 9
const LETTERS = /^\p{L}{3,}$/u

/** Counting: how often a word stands in the image. Asked only of images in which the annotators could read everything. */
export const proposeCountOccurrences: Propose = ({ image, phrases, drop }) => {
  const places = new Map<string, TextWord[]>()
  for (const word of image.lines.flatMap(({ words }) => words)) {
    const [key] = word.keys
    if (word.keys.length === 1 && key !== undefined) places.set(key, [...(places.get(key) ?? []), word])
  }
  return [...places].flatMap(([key, words]) => {
    const [first] = words
    if (words.length < 2 || first === undefined || !LETTERS.test(first.bare)) return []
    if (image.hasIllegible) {
      drop('illegible text in the image')
      return []
    }
    if (words.length > MOST) {
      drop('answer too long')
      return []
    }
    // In another case, with an accent, or with a digit that looks like a letter: whether it counts, readers do not agree.
    if (words.some(({ bare }) => bare !== first.bare)) {
      drop('written in several ways')
      return []
    }
    // Handwritten, vertical, or part of a compound elsewhere.
    if (phrases.count([key]) !== words.length) {
      drop('occurrences cannot all be used')
      return []
    }
    return [
      { wordings: WORDINGS, slots: { word: first.bare }, ...countAnswer(words.length), evidence: words },
    ]
  })
}
