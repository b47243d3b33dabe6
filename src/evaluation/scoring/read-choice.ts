import { verifyAnswerRule } from '../../reward/answers.js'
import { normalizeStrict } from '../../reward/strict.js'
import { letterAt, optionsByLetter } from './letters.js'

/** The option that an answer names. */
export interface ReadChoice {
  letter: string
  rule: 'letter' | 'letter-and-text' | 'option-text' | 'last-letter'
}

/** Stars may follow the letter before and after the punctuation; without any, in one place only, or many of them cost quadratic time. */
const LONE = /^["'(*[\s]*([A-Z])["')*\]\s]*(?:[.,;:!?]+[*\s]*)?$/iu
const WITH_TEXT = /^[(*[\s]*([A-Z])[)*\]\s]*[.):,\s]\s*(.+)$/isu

/**
 * The option that an answer names, for the profiles of this project. Its whole text decides: a letter by itself (brackets and final punctuation
 * aside), a letter followed by that option's text, or the text of exactly one option. A letter wins over an option whose text is that letter. Profile
 * `codevision` then looks for the last letter A–D that stands by itself, as the released recipe does. Null: it names none, or several.
 */
export function readChoice({
  profile,
  answer,
  options,
  reference,
}: {
  profile: 'codevision' | 'strict'
  answer: string
  options: readonly string[]
  /** Letter of the right option. */
  reference: string
}): ReadChoice | null {
  const texts = optionsByLetter(options)
  const whole = answer.normalize('NFKC')
  const lone = LONE.exec(whole)?.[1]?.toUpperCase()
  if (lone !== undefined && isLetter(lone)) return { letter: lone, rule: 'letter' }

  const named = [...texts].filter(([, text]) => normalizeStrict(text) === normalizeStrict(answer))
  if (named.length > 1) return null
  const [only] = named
  if (only !== undefined) return { letter: only[0], rule: 'option-text' }

  const [, letter = '', text = ''] = WITH_TEXT.exec(whole) ?? []
  const option = texts.get(letter.toUpperCase())
  if (option !== undefined && normalizeStrict(option) === normalizeStrict(text))
    return { letter: letter.toUpperCase(), rule: 'letter-and-text' }

  if (profile === 'strict' || !/^[A-D]$/.test(reference)) return null
  const last = verifyAnswerRule({ prediction: answer, reference })
  return last !== null && isLetter(last) ? { letter: last, rule: 'last-letter' } : null

  function isLetter(letter: string): boolean {
    return options.some((_, index) => letterAt(index) === letter)
  }
}
