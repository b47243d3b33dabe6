import type { PythonJson } from '../core/python/json.js'

/** What is wrong with a tool call that could not be turned into a code call. */
export type CallProblem =
  /** An opening tag without a closing one. */
  | { type: 'not-closed' }
  /** A closing tag without an opening one. */
  | { type: 'not-opened' }
  /** `source` is no JSON: why, and where in it. */
  | { type: 'broken-json'; source: string; reason: string; offset: number }
  /** JSON, but not an object with a name (text) and arguments. */
  | { type: 'not-a-call'; missing: 'object' | 'name' | 'arguments' }
  | { type: 'unknown-tool'; name: string; known: readonly string[] }
  | { type: 'arguments-not-object'; got: string }
  | { type: 'bad-code'; got: string }
  | { type: 'bad-image-index'; got: string }

/** Short words for a JSON value in a message to the model. */
export function describeJson(value: PythonJson | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text'
  if (typeof value === 'bigint' || typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) ? 'a list' : 'an object'
}
