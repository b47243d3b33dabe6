/**
 * Python's idea of white space, lines and words, where it differs from JavaScript's. The classes go inside `[…]` of a regular
 * expression with the `u` flag.
 */

/** What `str.isspace`, `str.strip` and `\s` take: unlike JavaScript with FS…US and NEL, without U+FEFF. */
export const PYTHON_SPACE =
  '\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'

/** What `\w` takes: letters and numbers of every script, and the underscore; no combining marks. */
export const PYTHON_WORD = '\\p{L}\\p{N}_'

const LEADING = new RegExp(`^[${PYTHON_SPACE}]+`, 'u')
const SPACE = new RegExp(`[${PYTHON_SPACE}]`, 'u')
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/u

/** `text.strip()`. */
export function pythonStrip(text: string): string {
  const start = LEADING.exec(text)?.[0].length ?? 0
  // Backwards by hand: a pattern anchored at the end is quadratic on long inner runs of spaces.
  let end = text.length
  while (end > start && SPACE.test(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** `text.splitlines()`: no empty last line. */
export function pythonSplitlines(text: string): string[] {
  const lines = text.split(LINE_END)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
