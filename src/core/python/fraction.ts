import { PYTHON_DIGIT, toAsciiDigits } from './digits.js'
import { MAX_INTEGER_DIGITS } from './number.js'
import { PYTHON_SPACE } from './text.js'

const DIGITS = `[${PYTHON_DIGIT}]+(?:_[${PYTHON_DIGIT}]+)*`
const FRACTION = new RegExp(
  `^[${PYTHON_SPACE}]*([-+]?)(?=\\.?[${PYTHON_DIGIT}])(${DIGITS})?` +
    `(?:\\/(${DIGITS})|(?:\\.((?:${DIGITS})?))?(?:[eE]([-+]?${DIGITS}))?)[${PYTHON_SPACE}]*$`,
  'u',
)

/**
 * `float(Fraction(text))`: the double nearest to `a/b` or to a decimal number; null where Python raises (not a fraction, zero
 * denominator, too many digits, too large for a double).
 */
export function parsePythonFraction(text: string): number | null {
  const match = FRACTION.exec(text)
  if (match === null) return null
  const [sign = '', whole, denominator, decimals = '', exponent] = match
    .slice(1)
    .map((part: string | undefined) =>
      part === undefined ? undefined : toAsciiDigits(part).replaceAll('_', ''),
    )
  const parts = [whole ?? '0', denominator ?? '', decimals, exponent?.replace(/^[-+]/, '') ?? '']
  if (parts.some((part) => part.length > MAX_INTEGER_DIGITS)) return null
  const magnitude =
    denominator === undefined
      ? Number(`${whole ?? '0'}.${decimals || '0'}e${exponent ?? '0'}`)
      : divide(BigInt(whole ?? '0'), BigInt(denominator))
  if (magnitude === null || !Number.isFinite(magnitude)) return null
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude
}

/** The double nearest to a/b (ties to even), for a ≥ 0; null for b = 0. */
function divide(a: bigint, b: bigint): number | null {
  if (b === 0n) return null
  if (a === 0n) return 0
  // 64 to 66 significant bits of quotient, with what is lost kept as a sticky last bit, so that one rounding decides.
  const shift = BigInt(66 - (bitLength(a) - bitLength(b)))
  const scaled = shift >= 0n ? a << shift : a
  const divisor = shift >= 0n ? b : b << -shift
  const quotient = scaled / divisor
  const sticky = scaled % divisor === 0n ? 0n : 1n
  return scaleByPowerOfTwo((quotient << 1n) | sticky, -Number(shift) - 1)
}

/** The double nearest to n·2^exponent (ties to even); subnormal results are rounded once, at their own precision. */
function scaleByPowerOfTwo(n: bigint, exponent: number): number {
  const length = bitLength(n)
  const top = length + exponent
  const kept = Math.max(0, Math.min(53, top + 1074))
  const drop = BigInt(length - kept)
  const half = drop > 0n ? 1n << (drop - 1n) : 0n
  let rounded = n >> drop
  const rest = n & ((1n << drop) - 1n)
  if (rest > half || (rest === half && drop > 0n && (rounded & 1n) === 1n)) rounded += 1n
  const power = exponent + Number(drop)
  if (power > 1023) return Infinity
  // Two factors: 2^power alone may underflow although the product does not.
  const first = Math.max(power, -1000)
  return Number(rounded) * 2 ** first * 2 ** (power - first)
}

function bitLength(n: bigint): number {
  return n.toString(2).length
}
