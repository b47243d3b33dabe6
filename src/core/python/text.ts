import { PYTHON_UNASSIGNED } from './unassigned.js'

/**
 * Python's idea of white space, lines and words, where it differs from JavaScript's. The classes go inside `[…]` of a regular
 * expression with the `u` flag.
 */

/** What `str.isspace`, `str.strip` and `\s` take: unlike JavaScript with FS…US and NEL, without U+FEFF. */
export const PYTHON_SPACE =
  '\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

/** What `\w` takes: letters and numbers of every script, and the underscore; no combining marks. */
export const PYTHON_WORD = '\\p{L}\\p{N}_'

/** One character that `\w` takes: as above, without those that Python 3.11 does not know; a pattern by itself. */
export const PYTHON_WORD_CHARACTER = `(?![${PYTHON_UNASSIGNED}])[${PYTHON_WORD}]`

const LEADING = new RegExp(`^[${PYTHON_SPACE}]+`, 'u')
const SPACE = new RegExp(`[${PYTHON_SPACE}]`, 'u')
const SPACES = new RegExp(`[${PYTHON_SPACE}]+`, 'u')
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/u

/** `text.strip()`. */
export function pythonStrip(text: string): string {
  const start = LEADING.exec(text)?.[0].length ?? 0
  // Backwards by hand: a pattern anchored at the end is quadratic on long inner runs of spaces.
  let end = text.length
  while (end > start && SPACE.test(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** `text.strip(characters)`, for characters of the basic plane. */
export function pythonStripCharacters(text: string, characters: string): string {
  let start = 0
  let end = text.length
  while (start < end && characters.includes(text.charAt(start))) start++
  while (end > start && characters.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** `text.split()`: the words between white space. */
export function pythonSplit(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== '')
}

/** `len(text)`: code points, each lone surrogate one. */
export function pythonLength(text: string): number {
  let length = text.length
  for (const [pair] of text.matchAll(PAIR)) length -= pair.length - 1
  return length
}

/** `part in text`: no match begins or ends inside a surrogate pair, which is one character to Python. */
export function pythonIncludes({ text, part }: { text: string; part: string }): boolean {
  if (part === '') return true
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    if (!splitsPair(text, at) && !splitsPair(text, at + part.length)) return true
  }
  return false
}

function splitsPair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1))
}

/** `text.splitlines()`: no empty last line. */
export function pythonSplitlines(text: string): string[] {
  const lines = text.split(LINE_END)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
