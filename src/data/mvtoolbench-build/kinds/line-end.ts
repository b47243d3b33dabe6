import type { TextLine } from '../image-text.js'
import { countAlphanumerics } from '../normalise.js'
import type { Phrases } from '../phrases.js'
import type { DropReason, Proposal, Propose } from '../proposal.js'

const WORDINGS = [
  'What is the last word of the line that begins with "{line}"?',
  'One line starts with "{line}". With which word does it end?',
  'Find the line beginning with "{line}" and read it to its end. What is its last word?',
]
const LEAST_WORDS = 3

/** Look-up: how a line ends, found by how it begins. */
export const proposeLineEnd: Propose = ({ image, phrases, drop }) =>
  image.lines.flatMap((line) => {
    if (line.words.length < LEAST_WORDS) return []
    const proposal = ask({ line, phrases })
    if (typeof proposal !== 'string') return [proposal]
    drop(proposal)
    return []
  })

function ask({ line, phrases }: { line: TextLine; phrases: Phrases }): Proposal | DropReason {
  const last = line.words.at(-1)
  if (last === undefined || countAlphanumerics(last.bare) < 2) return 'answer too short'
  if (last.keys.length !== 1 || !/\p{L}/u.test(last.bare) || /[-–—]$/u.test(last.text))
    return 'answer is no plain word'
  const opening = phrases.opening(line.words)
  if (opening === null) return 'place has no unique phrase'
  return {
    wordings: WORDINGS,
    slots: { line: opening.text },
    answer: last.bare,
    alternatives: [last.text],
    evidence: [last],
  }
}
