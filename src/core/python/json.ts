import { MAX_INTEGER_DIGITS } from './number.js'

/** A JSON value as Python's `json` module reads it: integers are bigints, floats numbers, objects keep their key order. */
export type PythonJson = null | boolean | bigint | number | string | PythonJson[] | PythonObject
export type PythonObject = Map<string, PythonJson>

/** Why, and where, a text is not JSON. */
export class PythonJsonError extends Error {
  override readonly name = 'PythonJsonError'
  /** Index into the text, in UTF-16 units. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Nesting that Python's recursion limit of 1,000 leaves to a program with a few frames of its own. */
const MAX_DEPTH = 984

const SPACES = /[ \t\n\r]*/y
const NUMBER = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const CONSTANT = /null|true|false|NaN|-?Infinity/y
const PLAIN = /[^"\\\u0000-\u001f]*/y
const HEX = /[0-9a-fA-F]{4}/y
const CONSTANTS: ReadonlyMap<string, PythonJson> = new Map<string, PythonJson>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/**
 * `json.loads(text)`: NaN and Infinity are values, integers are exact at any size up to Python's digit limit, the last of
 * duplicate keys wins (at the place of the first), lone surrogates pass.
 * @throws {PythonJsonError} where Python raises.
 */
export function parsePythonJson(text: string): PythonJson {
  let at = 0

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at += match[0].length
    return match
  }
  const fail = (message: string, offset = at): never => {
    throw new PythonJsonError(message, offset)
  }
  const skipSpaces = () => take(SPACES)

  const value = (depth: number): PythonJson => {
    const first = text.charAt(at)
    if (first === '"') return string()
    if (first === '{' || first === '[') {
      if (depth >= MAX_DEPTH) fail(`nested deeper than ${MAX_DEPTH} levels`)
      return first === '{' ? object(depth + 1) : array(depth + 1)
    }
    const constant = take(CONSTANT)
    if (constant !== null) return CONSTANTS.get(constant[0]) ?? null
    const start = at
    const number = take(NUMBER)
    if (number === null)
      return fail(first === '' ? 'the text ends where a value is expected' : 'expected a value')
    const [all, whole = '', fraction, exponent] = number
    if (fraction !== undefined || exponent !== undefined) return Number(all)
    if (whole.replace('-', '').length > MAX_INTEGER_DIGITS) {
      fail(`an integer of more than ${MAX_INTEGER_DIGITS} digits`, start)
    }
    return BigInt(whole)
  }

  const string = (): string => {
    const start = at
    at += 1
    let result = ''
    for (;;) {
      result += take(PLAIN)?.[0] ?? ''
      const stop = text.charAt(at)
      if (stop === '"') {
        at += 1
        return result
      }
      if (stop === '') fail('a string is not closed', start)
      if (stop !== '\\') fail(`a control character (code ${stop.charCodeAt(0)}) stands unescaped in a string`)
      result += escape()
    }
  }

  const escape = (): string => {
    const start = at
    const letter = text.charAt(at + 1)
    at += 2
    if (letter === 'u') {
      const hex = take(HEX)?.[0] ?? fail('expected four hexadecimal digits after \\u', start)
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    return ESCAPES.get(letter) ?? fail(`\\${letter} is no escape of JSON`, start)
  }

  const array = (depth: number): PythonJson[] => {
    const result: PythonJson[] = []
    at += 1
    skipSpaces()
    if (take(/\]/y)) return result
    for (;;) {
      result.push(value(depth))
      skipSpaces()
      if (take(/\]/y)) return result
      if (!take(/,/y)) fail("expected ',' or ']'")
      skipSpaces()
    }
  }

  const object = (depth: number): PythonObject => {
    const result: PythonObject = new Map()
    at += 1
    skipSpaces()
    if (take(/\}/y)) return result
    for (;;) {
      if (text.charAt(at) !== '"') fail('expected a key in double quotes')
      const key = string()
      skipSpaces()
      if (!take(/:/y)) fail("expected ':' after a key")
      skipSpaces()
      result.set(key, value(depth))
      skipSpaces()
      if (take(/\}/y)) return result
      if (!take(/,/y)) fail("expected ',' or '}'")
      skipSpaces()
    }
  }

  skipSpaces()
  const result = value(0)
  skipSpaces()
  if (at < text.length) fail('the JSON value ends, but more text follows')
  return result
}
