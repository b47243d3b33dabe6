import { findAnswer, guessAnswer, type Finding } from './find-answer.js'
import { findSight } from './find-sight.js'
import { findUpright } from './find-upright.js'
import type { Desk, Investigation, Sight } from './investigation.js'
import { parseQuestion, type QuestionPlan } from './parse-question.js'
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
  const upright = yield* findUpright({ desk, given })
  const sight = yield* findSight({ desk, upright, plan })
  if (!sight) return concludeFromPage({ sight: upright, plan })
  const finding = yield* readEvidence({ desk, sight, plan })
  return finding ? conclude(finding) : concludeFromPage({ sight, plan })
}

function conclude({ text, confidence }: Finding): Conclusion {
  return {
    thought: `There it says “${text}” (confidence ${Math.round(confidence).toString()} %).`,
    answer: text,
  }
}

function concludeFromPage({ sight: { page }, plan }: { sight: Sight; plan: QuestionPlan }): Conclusion {
  const found = findAnswer({ page, plan })
  if (found) return conclude(found)
  const thought = 'I could not find the words of the question in the image.'
  if (plan.kind === 'direction')
    return { thought: `${thought} Directions are not text, so this is a guess.`, answer: 'left' }
  const guess = guessAnswer({ page, plan })
  if (guess)
    return {
      thought: `${thought} “${guess.text}” is the most prominent text of the right form.`,
      answer: guess.text,
    }
  return { thought: `${thought} Nothing else in it has the form of an answer.`, answer: 'unknown' }
}
