import { pythonFloatRepr } from './number.js'
import type { PythonJson } from './json.js'

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\f', '\\f'],
  ['\b', '\\b'],
])

/** `json.dumps(value, ensure_ascii=False)`: `", "` and `": "` between parts, floats keep `.0`, NaN and Infinity as words. */
export function pythonJsonText(value: PythonJson): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isFinite(value) ? pythonFloatRepr(value) : String(value)
  if (Array.isArray(value)) return `[${value.map(pythonJsonText).join(', ')}]`
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${quoted(key)}: ${pythonJsonText(item)}`).join(', ')}}`
  }
  return String(value)
}

function quoted(text: string): string {
  const escaped = text.replace(
    /["\\\u0000-\u001f]/g,
    (character) =>
      SHORT_ESCAPES.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}
