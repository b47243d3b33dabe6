/** What is asked, named for how the answer is found. */
export const QUESTION_KINDS = [
  'next-line',
  'word-after',
  'count-words',
  'count-occurrences',
  'number-after',
  'line-end',
] as const

export type QuestionKind = (typeof QUESTION_KINDS)[number]

/** The three sorts of questions of MVToolBench (paper, section 5). */
export const FAMILY_OF: Readonly<Record<QuestionKind, 'recognition' | 'counting' | 'look-up'>> = {
  'next-line': 'recognition',
  'word-after': 'recognition',
  'count-words': 'counting',
  'count-occurrences': 'counting',
  'number-after': 'look-up',
  'line-end': 'look-up',
}
