import type { TextWord } from '../image-text.js'
import type { Propose } from '../proposal.js'
import { countAnswer } from './number-words.js'

const WORDINGS = [
  'How many words does the line that begins with "{line}" have?',
  'Count the words of the line beginning with "{line}". How many are there?',
  'One line starts with "{line}". Of how many words does the whole line consist?',
]
const LEAST = 3
const MOST = 12
/** Letters, an apostrophe inside at most, punctuation only behind: what everybody counts as one word. */
const ONE_WORD = /^\p{L}+(?:['’]\p{L}+)?[.,;:!?]?$/u

/** Counting: the words of one line. */
export const proposeCountWords: Propose = ({ image, phrases, drop }) =>
  image.lines.flatMap(({ words }) => {
    if (words.length < LEAST) return []
    if (words.length > MOST) {
      drop('answer too long')
      return []
    }
    if (!words.every(isOneWord)) {
      drop('words cannot be counted for sure')
      return []
    }
    const opening = phrases.opening(words)
    if (opening === null) {
      drop('place has no unique phrase')
      return []
    }
    return [
      { wordings: WORDINGS, slots: { line: opening.text }, ...countAnswer(words.length), evidence: words },
    ]
  })

function isOneWord({ text }: TextWord): boolean {
  return ONE_WORD.test(text)
}
