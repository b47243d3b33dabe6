import { PythonError } from '../../core/python/error.js'
import { pythonLiteral } from '../../core/python/literal.js'
import { PYTHON_WORD_CHARACTER, pythonStrip, pythonStripCharacters } from '../../core/python/text.js'
import { pythonValueStr, type PythonValue } from '../../core/python/value.js'

const WORD = PYTHON_WORD_CHARACTER
const BARE = new RegExp(`(?<!'|${WORD})(${WORD}[^,]*?)(?!'|${WORD})`, 'gu')

/**
 * A gold answer as the text of a list, where it looks like one: words get quotes, and what Python can read then is written anew; else as it is.
 * @throws PythonError where the reference does not catch what Python raises.
 */
export function repairedList(text: string): string {
  const inside = /^\[([^\n]*)\]$/.exec(pythonStrip(text))?.[1]
  if (inside === undefined) return text
  const quoted = inside.replace(BARE, (word) => `'${word}'`)
  try {
    return pythonValueStr(pythonLiteral(`[${quoted}]`))
  } catch (error) {
    if (error instanceof PythonError && ['SyntaxError', 'ValueError'].includes(error.className)) return text
    throw error
  }
}

/**
 * The items of a text that is a list of Python, blanks and quotes around each taken off; null where it is none, or an empty one.
 * @throws PythonError (ValueError) for an item that has no text.
 */
export function listItems(text: string): string[] | null {
  const value = literalOrNull(text)
  if (!Array.isArray(value) || value.length === 0) return null
  return value.map((item) => pythonStripCharacters(pythonValueStr(item), " '"))
}

function literalOrNull(text: string): PythonValue {
  try {
    return pythonLiteral(text)
  } catch (error) {
    if (error instanceof PythonError) return null
    throw error
  }
}
