import { findAnswer, guessAnswer, type Finding } from './find-answer.js'
import { findSight } from './find-sight.js'
import { findUpright } from './find-upright.js'
import type { Desk, Investigation, Sight } from './investigation.js'
import { parseQuestion } from './parse-question.js'
import { readEvidence } from './read-evidence.js'
import type { Conclusion } from './write-turn.js'

/** The whole plan: turn the image until it reads, find the words of the question, look closely, answer. */
export async function* investigate({
  desk,
  given,
  question,
}: {
  desk: Desk
  given: Sight
  question: string
}): Investigation<Conclusion> {
  const plan = parseQuestion(question)
  if (plan.kind === 'appearance')
    return {
      thought: 'The question is about how something looks, and I can only read text.',
      answer: 'unknown',
    }

  const upright = yield* findUpright({ desk, given, plan })
  const sight = yield* findSight({ desk, upright, plan })
  const { page } = sight
  const found = findAnswer({ page, plan })
  const guess = found ? null : guessAnswer({ page, plan })
  const close = yield* readEvidence({ desk, sight, plan, known: found ?? guess })
  const finding = close && guess && close.confidence < guess.confidence ? guess : (close ?? guess)
  if (finding) return conclude({ finding, isGuess: found === null })
  if (plan.kind === 'direction')
    return { thought: 'Arrows and places are not text, so this is a guess.', answer: 'left' }
  return {
    thought: 'I found neither the words of the question nor anything in the form of an answer.',
    answer: 'unknown',
  }
}

function conclude({
  finding: { text, confidence },
  isGuess,
}: {
  finding: Finding
  isGuess: boolean
}): Conclusion {
  const reading = `“${text}” (confidence ${Math.round(confidence).toString()} %)`
  const thought = isGuess
    ? `The words of the question do not lead to an answer; ${reading} is the most prominent text of the right form.`
    : `There it says ${reading}.`
  return { thought, answer: text }
}
