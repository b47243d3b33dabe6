import { toAsciiDigits } from './digits.js'
import { pythonStrip } from './text.js'

/** Digits past which Python 3.11 refuses to turn text into an integer. */
export const MAX_INTEGER_DIGITS = 4300

const DIGITS = '[0-9]+(?:_[0-9]+)*'
const INTEGER = new RegExp(`^([+-]?)(${DIGITS})$`)
const FLOAT = new RegExp(`^[+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?$`)
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i

/** `float(text)`: digits of any script, underscores between digits, `inf` and `nan`; null where Python raises. */
export function parsePythonFloat(text: string): number | null {
  const plain = plainNumber(text)
  if (FLOAT.test(plain)) return Number(plain.replaceAll('_', ''))
  const special = SPECIAL.exec(plain)
  if (special === null) return null
  if (special[2] === undefined) return Number.NaN
  return special[1] === '-' ? -Infinity : Infinity
}

/** `int(text)` in base 10: exact at any size up to {@link MAX_INTEGER_DIGITS}; null where Python raises. */
export function parsePythonInt(text: string): bigint | null {
  const match = INTEGER.exec(plainNumber(text))
  if (match === null) return null
  const digits = (match[2] ?? '').replaceAll('_', '')
  if (digits.length > MAX_INTEGER_DIGITS) return null
  return match[1] === '-' ? -BigInt(digits) : BigInt(digits)
}

/** ASCII digits, no outer space. FS to US are space to `str.strip`, but neither to `float` nor to `int`: they stay, and match nothing. */
function plainNumber(text: string): string {
  return /[\x1c-\x1f]/.test(text) ? text : toAsciiDigits(pythonStrip(text))
}

/** `repr(value)` and `str(value)` of a float: `1.0`, `1e-05`, `1e+16`, `inf`, `nan`. */
export function pythonFloatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  // Both languages print the shortest digits that read back as the same double; only the layout differs.
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e')
  const digits = mantissa.replace('.', '')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}
