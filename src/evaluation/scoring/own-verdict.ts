import { isChoice } from '../../core/scorer.js'
import { areAnswersEquivalent } from '../../reward/answers.js'
import { isStrictMatch } from '../../reward/strict.js'
import type { Asked } from './asked.js'
import { readChoice } from './read-choice.js'
import type { Verdict } from './verdict.js'

/**
 * The profiles of this project. Rules accept an open answer or leave it undecided; an option that is read from the whole answer is decided,
 * right or wrong, while another letter than the right one somewhere in a sentence is not.
 */
export function ownVerdict({
  profile,
  answer,
  asked: { scorer = 'none', answers, options = [] },
}: {
  profile: 'codevision' | 'strict'
  answer: string
  asked: Asked
}): Verdict {
  if (isChoice(scorer)) {
    const reference = answers[0] ?? ''
    const choice = readChoice({ profile, answer, options, reference })
    if (choice === null) return { kind: 'unread' }
    const { letter, rule } = choice
    if (letter !== reference && rule === 'last-letter') return { kind: 'undecided' }
    return { kind: 'scored', value: letter === reference ? 1 : 0, rule, letter }
  }
  if (profile === 'strict')
    return isStrictMatch({ answer, answers })
      ? { kind: 'scored', value: 1, rule: 'equal' }
      : { kind: 'undecided' }
  return answers.some((reference) => areAnswersEquivalent({ prediction: answer, reference }))
    ? { kind: 'scored', value: 1, rule: 'equivalent' }
    : { kind: 'undecided' }
}
