import { pythonUpper } from '../../core/python/case.js'
import { PYTHON_SPACE, pythonStrip } from '../../core/python/text.js'

const SPACE = `[${PYTHON_SPACE}]`
/** Case is ignored in the reference, where İ equals I; everything else is in capitals already. */
const I = '[I\\u0130]'
const PATTERNS = [
  '^([A-D])',
  `(?:ANSWER|CHO${I}CE|OPT${I}ON)(?:${SPACE}+${I}S)?(?:${SPACE}|:)+([A-D])`,
  '\\(([A-D])\\)',
  `([A-D])${SPACE}*[.)\\]]`,
  `(?:^|${SPACE})([A-D])(?:${SPACE}|$)`,
].map((pattern) => new RegExp(pattern, 'u'))

/**
 * The letter A–D in a reply, by the first of five patterns that matches, else the only such letter of all the text; null where there is none.
 * The text's own beginning counts first, so a sentence that begins with "A", or with "Because", is read as a letter. Source: lmms-eval,
 * tasks/vstar_bench.
 */
export function vstarLetter(reply: string): string | null {
  const text = pythonUpper(pythonStrip(reply))
  for (const pattern of PATTERNS) {
    const letter = pattern.exec(text)?.[1]
    if (letter !== undefined) return letter
  }
  const letters = text.match(/[A-D]/g) ?? []
  return letters.length === 1 ? (letters[0] ?? null) : null
}
