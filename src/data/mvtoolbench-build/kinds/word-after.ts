import { countAlphanumerics } from '../normalise.js'
import type { DropReason, Proposal, Propose } from '../proposal.js'
import type { TextLine } from '../image-text.js'
import type { Phrases } from '../phrases.js'

const ALONE = [
  'Which word comes right after "{anchor}" in the same line?',
  'What is the next word after "{anchor}" on its line?',
  'Read on from "{anchor}": which single word follows it in that line?',
]
const WITHIN_LINE = [
  'In the line that begins with "{line}", which word comes right after "{anchor}"?',
  'Look at the line beginning with "{line}". What is the next word after "{anchor}"?',
  'One line starts with "{line}". Which word follows "{anchor}" there?',
]

/** Recognition: the word after a given one in its line. */
export const proposeWordAfter: Propose = ({ image, phrases, drop }) =>
  image.lines.flatMap((line) =>
    line.words.slice(0, -1).flatMap((_, at) => {
      const proposal = ask({ line, at, phrases })
      if (typeof proposal !== 'string') return [proposal]
      drop(proposal)
      return []
    }),
  )

function ask({ line, at, phrases }: { line: TextLine; at: number; phrases: Phrases }): Proposal | DropReason {
  const [anchor, answer] = line.words.slice(at, at + 2)
  if (anchor === undefined || answer === undefined) return 'answer too short'
  if (countAlphanumerics(answer.bare) < 2) return 'answer too short'
  // What a hyphen or a slash joins is one word to some and two to others; numbers have a kind of their own.
  if (answer.keys.length !== 1 || !/\p{L}/u.test(answer.bare) || /[-–—]$/u.test(answer.text))
    return 'answer is no plain word'
  const common = { answer: answer.bare, alternatives: [answer.text], evidence: [answer] }
  const alone = phrases.unique([anchor])
  if (alone !== null) return { ...common, wordings: ALONE, slots: { anchor: alone } }
  if (anchor.keys.length !== 1 || countAlphanumerics(anchor.bare) < 2 || anchor.bare.includes('"'))
    return 'place has no unique phrase'
  const inLine = line.words.flatMap(({ keys }) => keys).filter((key) => key === anchor.keys[0])
  if (inLine.length !== 1) return 'repeated in its line'
  const opening = phrases.opening(line.words)
  // The line would be named by the answer itself.
  if (opening === null || opening.length > at + 1) return 'place has no unique phrase'
  return { ...common, wordings: WITHIN_LINE, slots: { anchor: anchor.bare, line: opening.text } }
}
