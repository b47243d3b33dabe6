import type { CurationPlan } from '../plan/curation-plan.js'
import type { WrittenTurn } from './read-turns.js'
import { rejection, type Rejection } from './verdict.js'

/** What only someone who was told the plan would write. */
const TOLD =
  /\b(?:meta-?data|ground[ -]truth|reference answer|expected answer|correct answer is given|private note|according to the (?:plan|hint|instructions?|annotations?)|as (?:instructed|hinted|annotated)|the hint|was told|were told|have been told|annotated (?:box|region)|the answer (?:should|must) be)\b/i
/** Shorter answers stand in any text by chance. */
const LEAST_CHARACTERS = 3

/**
 * Look for knowledge in the reasoning that no image could have given: the answer before the evidence could be read (where the plan must crop for it; a picture that is
 * only turned could have been read), or words that tell of a plan.
 * @param parameters.firstShown turn after which all evidence was shown; null: the images as given show it, or it cannot be told.
 * @param parameters.numbers texts in which the answer may stand by chance: code, sizes.
 */
export function checkLeaks({
  plan: { answer, question },
  turns,
  firstShown,
  numbers,
}: {
  plan: Pick<CurationPlan, 'answer' | 'question'>
  turns: readonly WrittenTurn[]
  firstShown: number | null
  numbers: readonly string[]
}): Rejection | null {
  for (const [at, { thought }] of turns.entries()) {
    const told = TOLD.exec(thought)
    if (told !== null)
      return rejection('leak', `Turn ${at + 1} says "${told[0]}", which no picture could have told.`)
  }
  if (firstShown === null || answer.trim().length < LEAST_CHARACTERS) return null
  const word = wordOf(answer.trim())
  if (word.test(question) || numbers.some((text) => word.test(text))) return null
  const early = turns.findIndex(({ thought }, at) => at <= firstShown && word.test(thought))
  return early === -1
    ? null
    : rejection('early-answer', `Turn ${early + 1} says the answer before any picture shows it.`)
}

/** The text as a word of its own. */
function wordOf(text: string): RegExp {
  const plain = text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}.,])${plain}(?![\p{L}\p{N}]|[.,]\p{N})`, 'iu')
}
