import { PythonError } from './error.js'
import { MAX_INTEGER_DIGITS, pythonFloatRepr } from './number.js'
import { pythonTextRepr } from './repr.js'

/** A value that a literal of Python can write; integers are bigints, floats numbers, lists arrays. */
export type PythonValue =
  null | boolean | bigint | number | string | PythonComplex | PythonValue[] | PythonCompound

export interface PythonComplex {
  type: 'complex'
  real: number
  imaginary: number
}

export type PythonCompound =
  | { type: 'tuple' | 'set'; items: PythonValue[] }
  | { type: 'dict'; entries: [PythonValue, PythonValue][] }
  | { type: 'bytes'; bytes: number[] }
  | { type: 'ellipsis' }

/** `str(value)`: a text is itself, everything else its {@link pythonValueRepr}. @throws PythonError as there. */
export function pythonValueStr(value: PythonValue): string {
  return typeof value === 'string' ? value : pythonValueRepr(value)
}

/** `repr(value)`. @throws PythonError (ValueError) for an integer of more than 4,300 digits, as Python does. */
export function pythonValueRepr(value: PythonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'string') return pythonTextRepr(value)
  if (typeof value === 'number') return pythonFloatRepr(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'bigint') return integerRepr(value)
  if (Array.isArray(value)) return `[${reprs(value)}]`
  switch (value.type) {
    case 'tuple':
      return value.items.length === 1 ? `(${reprs(value.items)},)` : `(${reprs(value.items)})`
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${reprs(value.items)}}`
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${pythonValueRepr(key)}: ${pythonValueRepr(item)}`).join(', ')}}`
    case 'bytes':
      return bytesRepr(value.bytes)
    case 'complex':
      return complexRepr(value)
    case 'ellipsis':
      return 'Ellipsis'
  }
}

function reprs(items: readonly PythonValue[]): string {
  return items.map(pythonValueRepr).join(', ')
}

function integerRepr(value: bigint): string {
  // Fewer than so many hexadecimal digits first: to write out a huge one takes long.
  const text = value.toString(16).length > MAX_INTEGER_DIGITS ? null : String(value)
  if (text !== null && text.replace('-', '').length <= MAX_INTEGER_DIGITS) return text
  throw new PythonError('ValueError', `an integer of more than ${MAX_INTEGER_DIGITS} digits has no text`)
}

function complexRepr({ real, imaginary }: PythonComplex): string {
  const part = (value: number): string => pythonFloatRepr(value).replace(/\.0$/, '')
  if (Object.is(real, 0)) return `${part(imaginary)}j`
  const last = part(imaginary)
  return `(${part(real)}${last.startsWith('-') ? '' : '+'}${last}j)`
}

const SHORT: ReadonlyMap<number, string> = new Map([
  [9, '\\t'],
  [10, '\\n'],
  [13, '\\r'],
  [92, '\\\\'],
])

function bytesRepr(bytes: readonly number[]): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'"
  const escaped = bytes.map((byte) => {
    const character = String.fromCharCode(byte)
    if (character === quote) return `\\${character}`
    if (byte >= 32 && byte < 127 && byte !== 92) return character
    return SHORT.get(byte) ?? `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `b${quote}${escaped.join('')}${quote}`
}
