import type { TextLine, TextWord } from '../image-text.js'
import type { Phrases } from '../phrases.js'
import type { DropReason, Proposal, Propose } from '../proposal.js'

const WORDINGS = [
  'Which number follows "{anchor}" in the same line?',
  'What number is given right after "{anchor}"?',
  'Look up "{anchor}". Which number stands directly after it?',
]
/** Digits, grouped or with decimals, with a currency before or a percent sign behind. */
const NUMBER = /^(?<before>[\p{Sc}#]?)(?<digits>\d+(?:[.,:/]\d+)*)(?<after>%?)$/u
const DIGIT = /\p{N}/u
/** Words that may name a number together, such as `Unit Price`. */
const MOST_WORDS = 3

/** Look-up: the number that stands behind a word. */
export const proposeNumberAfter: Propose = ({ image, phrases, drop }) =>
  image.lines.flatMap((line) =>
    line.words.flatMap((number, at) => {
      if (at === 0 || !DIGIT.test(number.text)) return []
      const proposal = ask({ line, number, at, phrases })
      if (typeof proposal !== 'string') return [proposal]
      drop(proposal)
      return []
    }),
  )

function ask({
  line,
  number,
  at,
  phrases,
}: {
  line: TextLine
  number: TextWord
  at: number
  phrases: Phrases
}): Proposal | DropReason {
  const { before = '', digits = '', after = '' } = NUMBER.exec(number.bare)?.groups ?? {}
  // A sign, a dash or a point before it may belong to the number or not; a number that goes on is two to some and one to others.
  const next = line.words[at + 1]
  if (
    digits === '' ||
    /^[-–—.,+±]/u.test(number.text) ||
    /[-–—]$/u.test(number.text) ||
    (next && DIGIT.test(next.text))
  )
    return 'number cannot be told for sure'
  const anchor = anchorBefore({ line, at, phrases })
  if (anchor === null) return 'place has no unique phrase'
  const isGrouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits)
  return {
    wordings: WORDINGS,
    slots: { anchor },
    answer: digits + after,
    alternatives: [
      before + digits + after,
      ...(after === '' ? [] : [digits]),
      ...(isGrouped ? [digits.replaceAll(',', '')] : []),
      number.text,
    ],
    evidence: [number],
  }
}

/** The words right before it that are unique together, as few as possible, none of them with a digit. */
function anchorBefore({
  line,
  at,
  phrases,
}: {
  line: TextLine
  at: number
  phrases: Phrases
}): string | null {
  for (let length = 1; length <= Math.min(MOST_WORDS, at); length++) {
    const words = line.words.slice(at - length, at)
    if (words.some(({ text }) => DIGIT.test(text))) return null
    const text = phrases.unique(words)
    if (text !== null) return text
  }
  return null
}
