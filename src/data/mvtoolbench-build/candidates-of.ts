import { createRandom } from '../demo/random.js'
import { boxAround } from './boxes.js'
import type { Candidate } from './candidate.js'
import type { ImageText } from './image-text.js'
import { comparisonKeys } from './normalise.js'
import { indexPhrases } from './phrases.js'
import type { DropReason, Proposal } from './proposal.js'
import { PROPOSE } from './propose.js'
import { FAMILY_OF, type QuestionKind } from './question-kind.js'
import { sizeProblem, type SizeLimits } from './size-limits.js'

/**
 * One question of each kind about an image, where there is one; which of several, and its wording, the seed decides.
 * @param onFound told of every question that could be asked
 * @param onDrop told of every one that could not, and why
 */
export function candidatesOf({
  image,
  kinds,
  limits,
  seed,
  onFound,
  onDrop,
}: {
  image: ImageText
  kinds: readonly QuestionKind[]
  limits: SizeLimits
  seed: string
  onFound: (kind: QuestionKind) => void
  onDrop: (kind: QuestionKind, reason: DropReason) => void
}): Partial<Record<QuestionKind, Candidate>> {
  const phrases = indexPhrases(image)
  const chosen: Partial<Record<QuestionKind, Candidate>> = {}
  for (const kind of kinds) {
    const drop = (reason: DropReason): void => onDrop(kind, reason)
    const fitting = PROPOSE[kind]({ image, phrases, drop }).filter((proposal) => {
      const isOneRegion = FAMILY_OF[kind] !== 'counting'
      const problem = givesAway(proposal)
        ? 'answer stands in the question'
        : sizeProblem({ evidence: proposal.evidence, isOneRegion, image, limits })
      if (problem === null) onFound(kind)
      else drop(problem)
      return problem === null
    })
    if (fitting.length === 0) continue
    const random = createRandom({ seed: JSON.stringify([seed, image.imageId, kind]) })
    // An answer first, then a question that has it: else common answers would be asked for as often as they stand there.
    const wanted = random.pick([...new Set(fitting.map(({ answer }) => answer))])
    const { wordings, slots, answer, alternatives, evidence } = random.pick(
      fitting.filter((proposal) => proposal.answer === wanted),
    )
    chosen[kind] = {
      kind,
      question: fill({ wording: random.pick(wordings), slots }),
      answer,
      alternatives: [...new Set(alternatives)].filter((text) => text !== answer),
      box: boxAround(evidence.map(({ box }) => box)),
    }
  }
  return chosen
}

/** Whether the answer can be read off the texts that the question quotes. */
function givesAway({ slots, answer }: Proposal): boolean {
  const own = comparisonKeys(answer)
  return Object.values(slots).some((text) => {
    const quoted = comparisonKeys(text)
    return quoted.some((_, at) => own.every((key, offset) => quoted[at + offset] === key))
  })
}

function fill({ wording, slots }: { wording: string; slots: Readonly<Record<string, string>> }): string {
  return wording.replace(/\{(\w+)\}/g, (_, name: string) => slots[name] ?? '')
}
