import { boxAround, overlap } from '../boxes.js'
import type { ImageText, TextLine } from '../image-text.js'
import { bareText, countAlphanumerics } from '../normalise.js'
import type { Phrases } from '../phrases.js'
import type { DropReason, Proposal, Propose } from '../proposal.js'

const WHOLE = [
  'What does the line right after the line "{line}" say?',
  'Which text stands on the line that follows the line "{line}"?',
  'There is a line that reads "{line}". What is written on the next line?',
]
const BEGINNING = [
  'What does the line right after the one that begins with "{line}" say?',
  'Which text stands on the line that follows the line beginning with "{line}"?',
  'There is a line that begins with "{line}". What is written on the next line?',
]

/** Longest line that is quoted whole, and longest answer, in words. */
const QUOTED_WORDS = 5
const ANSWER_WORDS = 6
/** Lines of one text keep about one height, and stand no further apart than one. */
const MOST_GAP = 1
const MOST_HEIGHT_RATIO = 1.5
const LEAST_OVERLAP = 0.5

/** Recognition: what the line after a given one says. "Next" is meant in reading order, whichever way the image lies. */
export const proposeNextLine: Propose = ({ image, phrases, drop }) =>
  paragraphsOf(image).flatMap(({ lines, paragraph }) => {
    if (standSideBySide(lines)) {
      lines.forEach(() => drop('lines stand side by side'))
      return []
    }
    return lines.flatMap((line) => {
      const proposal = ask({ line, lines, paragraph, image, phrases })
      if (typeof proposal !== 'string') return [proposal]
      drop(proposal)
      return []
    })
  })

function ask({
  line,
  lines,
  paragraph,
  image,
  phrases,
}: {
  line: TextLine
  lines: readonly TextLine[]
  paragraph: number
  image: ImageText
  phrases: Phrases
}): Proposal | DropReason {
  const next = lines[lines.indexOf(line) + 1]
  if (next === undefined) return 'no line follows'
  const [own, other] = [heightOf(line), heightOf(next)]
  const gap = next.box[1] - line.box[3]
  const isNear = gap <= MOST_GAP * Math.min(own, other)
  const isAlike = Math.max(own, other) <= MOST_HEIGHT_RATIO * Math.min(own, other)
  const isBelow = overlap([line.box[0], line.box[2]], [next.box[0], next.box[2]]) >= LEAST_OVERLAP
  if (!isNear || !isAlike || !isBelow) return 'no line follows'
  const unusable = image.unusable.filter((one) => one.paragraph === paragraph)
  // Without a place it may stand anywhere in the paragraph.
  if (unusable.some(({ box }) => box === null || meets(box, [line, next])))
    return 'following line cannot be used'
  const foreign = [...image.lines.filter((one) => one.paragraph !== paragraph), ...image.unusable]
  if (foreign.some(({ box }) => box !== null && meets(box, [line, next]))) return 'other text in between'
  if (next.words.length > ANSWER_WORDS) return 'answer too long'
  const text = next.words.map(({ text }) => text).join(' ')
  const answer = bareText(text)
  if (countAlphanumerics(answer) < 2) return 'answer too short'
  // Read or not, the end of a broken word belongs to another line.
  if (/[-–—]$/u.test(text)) return 'answer is no plain word'
  const whole = line.words.length <= QUOTED_WORDS ? phrases.unique(line.words) : null
  const opening = whole === null ? phrases.opening(line.words) : null
  const quoted = whole ?? opening?.text
  if (quoted === undefined) return 'place has no unique phrase'
  return {
    wordings: whole === null ? BEGINNING : WHOLE,
    slots: { line: quoted },
    answer,
    alternatives: [text],
    evidence: next.words,
  }
}

function paragraphsOf(image: ImageText): { paragraph: number; lines: TextLine[] }[] {
  const paragraphs = new Map<number, TextLine[]>()
  for (const line of image.lines)
    paragraphs.set(line.paragraph, [...(paragraphs.get(line.paragraph) ?? []), line])
  return [...paragraphs].map(([paragraph, lines]) => ({
    paragraph,
    lines: lines.sort((a, b) => a.box[1] + a.box[3] - b.box[1] - b.box[3]),
  }))
}

/** Lines sorted from top to bottom, of which two share more than half of a height: columns, or a table. */
function standSideBySide(lines: readonly TextLine[]): boolean {
  return lines.some(({ box }, index) => {
    const before = lines[index - 1]
    return before !== undefined && overlap([box[1], box[3]], [before.box[1], before.box[3]]) > 0.5
  })
}

/** Whether the middle of a box lies in the region of both lines. */
function meets([left, top, right, bottom]: TextLine['box'], lines: readonly TextLine[]): boolean {
  const region = boxAround(lines.map(({ box }) => box))
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  return x >= region[0] && x <= region[2] && y >= region[1] && y <= region[3]
}

function heightOf({ words }: TextLine): number {
  return words.reduce((sum, { height }) => sum + height, 0) / words.length
}
