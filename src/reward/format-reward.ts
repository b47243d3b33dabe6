import { pythonStrip } from '../core/python/text.js'
import { taggedBlocks } from '../core/tagged-blocks.js'

const THINK = '<think>'
const THINK_END = '</think>'
const ANSWER = '<answer>'
const ANSWER_END = '</answer>'

/**
 * Whether a solution has the required form, 1 or 0. Tool responses are cut out; then it must begin with `<think>`, have as many opening as closing think
 * tags, and exactly one answer block, which ends the text and does not begin inside a think block. Source: the released reward manager (`uvtr`).
 *
 * Repeated here with the reference: unbalanced nesting of think tags passes, and so does a second `</answer>` at the very end.
 */
export function formatReward(text: string | null): 0 | 1 {
  if (text === null) return 0
  const own = pythonStrip(taggedBlocks({ text, open: '<tool_response>', close: '</tool_response>' }).rest)
  if (!own.startsWith(THINK) || count(own, THINK) !== count(own, THINK_END)) return 0
  const answers = blocks(own, ANSWER, ANSWER_END)
  const [answer] = answers
  if (answers.length !== 1 || answer === undefined || !own.endsWith(ANSWER_END)) return 0
  const overlaps = blocks(own, THINK, THINK_END).some(({ start, end }) => {
    const isInside = (at: number): boolean => start < at && at < end
    if (!isInside(answer.start) && !isInside(answer.end)) return false
    const opening = own.indexOf(ANSWER, start + THINK.length)
    return opening >= 0 && opening + ANSWER.length <= end
  })
  return overlaps ? 0 : 1
}

function count(text: string, tag: string): number {
  return text.split(tag).length - 1
}

/** Where each block from an opening to the next closing tag stands, tags included. In linear time, however many are never closed. */
function blocks(text: string, open: string, close: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    const inner = start < 0 ? -1 : text.indexOf(close, start + open.length)
    if (inner < 0) return found
    at = inner + close.length
    found.push({ start, end: at })
  }
}
