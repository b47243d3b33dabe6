import type { PythonJson } from './json.js'
import { pythonFloatRepr } from './number.js'
import { PYTHON_UNASSIGNED } from './unassigned.js'

/** Letters, marks, numbers, punctuation, symbols and the plain space: what `str.isprintable` takes. */
const UNPRINTABLE = new RegExp(`(?! )[\\p{C}\\p{Z}${PYTHON_UNASSIGNED}]`, 'u')
const SHORT: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
])

/** `str(value)` of a value that came from JSON: a text is itself, everything else is its {@link pythonRepr}. */
export function pythonStr(value: PythonJson): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** `repr(value)`: `None`, `True`, `1`, `1.0`, `'text'`, `[1, 'a']`, `{'a': 1}`. */
export function pythonRepr(value: PythonJson): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return pythonTextRepr(value)
  if (typeof value === 'number') return pythonFloatRepr(value)
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  return `{${[...value].map(([key, item]) => `${pythonTextRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`
}

/** `repr(text)` of a text. */
export function pythonTextRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = Array.from(text, (character) => {
    if (character === quote) return `\\${character}`
    return SHORT.get(character) ?? (UNPRINTABLE.test(character) ? codeEscape(character) : character)
  })
  return `${quote}${escaped.join('')}${quote}`
}

function codeEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
