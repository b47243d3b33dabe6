import type { ImageText, TextWord } from './image-text.js'
import { bareText, countAlphanumerics } from './normalise.js'

/** A phrase that names a place in the text of an image needs so many letters and digits. */
const SHORTEST = 3
const MOST_WORDS = 3

/** Whatever is asked about a place of the text is asked by a phrase that stands there and nowhere else in the image. */
export interface Phrases {
  /** How often the keys follow each other in one line, over all lines that hold text. */
  count(keys: readonly string[]): number
  /** The words as one phrase, if it stands nowhere else; null otherwise. */
  unique(words: readonly TextWord[]): string | null
  /** The shortest unique phrase of up to three words that a line begins with; null if there is none. */
  opening(words: readonly TextWord[]): { text: string; length: number } | null
}

/** Look-up of phrases in all text of an image, what cannot be read aloud (case, punctuation, accents) left aside. */
export function indexPhrases({ keys: lines }: Pick<ImageText, 'keys'>): Phrases {
  const places = new Map<string, { line: readonly string[]; at: number }[]>()
  for (const line of lines) {
    line.forEach((key, at) => {
      const known = places.get(key)
      if (known) known.push({ line, at })
      else places.set(key, [{ line, at }])
    })
  }
  const count = (keys: readonly string[]): number =>
    (places.get(keys[0] ?? '') ?? []).filter(({ line, at }) =>
      keys.every((key, offset) => line[at + offset] === key),
    ).length
  const unique = (words: readonly TextWord[]): string | null => {
    const text = bareText(words.map(({ text }) => text).join(' '))
    if (countAlphanumerics(text) < SHORTEST || text.includes('"')) return null
    // A first or last word of nothing but punctuation would not be seen to belong to the phrase.
    if (words[0]?.keys.length === 0 || words.at(-1)?.keys.length === 0) return null
    return count(words.flatMap(({ keys }) => keys)) === 1 ? text : null
  }
  return {
    count,
    unique,
    opening: (words) => {
      for (let length = 1; length <= Math.min(MOST_WORDS, words.length - 1); length++) {
        const text = unique(words.slice(0, length))
        if (text !== null) return { text, length }
      }
      return null
    },
  }
}
