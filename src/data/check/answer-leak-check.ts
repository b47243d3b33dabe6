import type { Check } from './check.js'

/** Answers that a question may well name without giving them away. */
const NAMED_BY_QUESTIONS = new Set(['yes', 'no', 'true', 'false', 'none'])
/** Shorter ones stand in questions by chance. */
const SHORTEST = 3

/** The question does not say its own answer. Questions with options, or that name alternatives (an `or` in the same sentence), do so by their nature and are left out. */
export function answerLeakCheck(): Check {
  return {
    row({ place, task: { question, answers, options = [] } }) {
      if (options.length > 0) return []
      const asked = folded(question)
      const told = answers.find((answer) => isTold({ asked, answer: folded(answer) }))
      if (told === undefined) return []
      return [
        {
          check: 'leak',
          ...place,
          what: 'question',
          expected: 'a question that does not hold its answer',
          got: `${JSON.stringify(told)} in ${JSON.stringify(question.slice(0, 160))}`,
        },
      ]
    },
  }
}

function isTold({ asked, answer }: { asked: string; answer: string }): boolean {
  if ([...answer].length < SHORTEST || NAMED_BY_QUESTIONS.has(answer)) return false
  const word = answer.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const alone = new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'u')
  const alternative = new RegExp(`\\bor\\b[^.?!]*${word}|${word}[^.?!]*\\bor\\b`, 'u')
  return alone.test(asked) && !alternative.test(asked)
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
