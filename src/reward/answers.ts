import { PYTHON_DIGIT } from '../core/python/digits.js'
import { parsePythonFraction } from '../core/python/fraction.js'
import { parsePythonFloat, pythonFloatRepr } from '../core/python/number.js'
import { PYTHON_WORD, pythonSplitlines, pythonStrip } from '../core/python/text.js'
import { taggedBlocks } from '../core/tagged-blocks.js'

/** An answer and what it is held against. References of other types than text never match, as in the reference. */
export interface AnswerPair {
  prediction: string | null
  reference: unknown
}

const CHOICES: ReadonlySet<string> = new Set(['A', 'B', 'C', 'D'])
const CHOICE = new RegExp(`(?<![${PYTHON_WORD}])[A-D](?![${PYTHON_WORD}])`, 'gu')
const NUMBER = new RegExp(`[-+]?[${PYTHON_DIGIT}]*\\.?[${PYTHON_DIGIT}]+`, 'gu')
const TOLERANCE = 1e-4
/** Without any tag, the last line is the answer, unless the text has this many lines. */
const TOO_MANY_LINES = 500

/**
 * What a solution gives as its answer: the last closed `<answer>` block; else what follows the last `<answer>`; else the last line.
 * Source: the released recipe, `reward.py` (paper, section 4.2).
 */
export function extractAnswer(solution: string | null): string | null {
  if (solution === null || solution === '') return null
  const own = taggedBlocks({ text: solution, open: '<tool_response>', close: '</tool_response>' }).rest
  const closed = taggedBlocks({ text: own, open: '<answer>', close: '</answer>' }).blocks.at(-1)
  if (closed !== undefined) return pythonStrip(closed)

  const text = pythonStrip(own)
  const open = text.lastIndexOf('<answer>')
  if (open >= 0) return pythonStrip(text.slice(open + '<answer>'.length))

  const lines = pythonSplitlines(text)
  const last = lines.at(-1)
  return last !== undefined && lines.length < TOO_MANY_LINES ? pythonStrip(last) : null
}

/**
 * The part of an answer that can be compared by rule: the last letter A–D where the reference is one, else the answer as a number, else
 * the last number in it; null where there is none. Source as above.
 */
export function verifyAnswerRule({ prediction, reference }: AnswerPair): string | null {
  if (prediction === null || prediction === '') return null
  const text = prediction.toUpperCase()
  if (typeof reference === 'string' && CHOICES.has(reference.toUpperCase())) {
    return text.match(CHOICE)?.at(-1) ?? null
  }
  const number = parsePythonFloat(prediction)
  if (number !== null) return pythonFloatRepr(number)
  return text.match(NUMBER)?.at(-1) ?? null
}

/**
 * Whether rules alone call an answer right: equal as numbers or as text, or equal after {@link verifyAnswerRule}, numbers within 1e-4.
 * Source as above.
 */
export function areAnswersEquivalent({ prediction, reference }: AnswerPair): boolean {
  if (prediction === null || typeof reference !== 'string') return false
  const [left, right] = [parsePythonFloat(prediction), parsePythonFloat(reference)]
  // Texts are compared only where one of them is no number, so "nan" does not equal "nan" here.
  if (left === null || right === null ? prediction === reference : left === right) return true

  const found = verifyAnswerRule({ prediction, reference })
  if (found === null) return false
  const wanted = pythonStrip(reference)
  if (found.toUpperCase() === wanted.toUpperCase()) return true
  const [value, target] = [parsePythonFraction(found), parsePythonFraction(wanted)]
  return value !== null && target !== null && Math.abs(value - target) <= TOLERANCE
}
