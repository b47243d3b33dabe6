import { MAX_INTEGER_DIGITS } from './number.js'
import type { PythonComplex } from './value.js'

const DIGITS = '[0-9](?:_?[0-9])*'
const FLOAT = `(?:(?:${DIGITS})?\\.${DIGITS}|${DIGITS}\\.)(?:[eE][-+]?${DIGITS})?|${DIGITS}[eE][-+]?${DIGITS}`
const PREFIXED = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+/y
const IMAGINARY = new RegExp(`(${FLOAT}|${DIGITS})[jJ]`, 'y')
const REAL = new RegExp(FLOAT, 'y')
const DECIMAL = /[1-9](?:_?[0-9])*|0(?:_?0)*/y
/** A number ends where no name could go on. */
const NAME_CHARACTER = /[A-Za-z0-9_\u0080-\u{10ffff}]/uy

/** A number of Python's grammar at a place of a text, and where it ends; null where there is none, or one that Python refuses. */
export function pythonNumberLiteral({
  text,
  at,
}: {
  text: string
  at: number
}): { value: bigint | number | PythonComplex; end: number } | null {
  const found = matchAt(PREFIXED) ?? matchAt(IMAGINARY) ?? matchAt(REAL) ?? matchAt(DECIMAL)
  if (found === null) return null
  const end = at + found.length
  NAME_CHARACTER.lastIndex = end
  if (NAME_CHARACTER.test(text)) return null
  const value = valueOf(found.replaceAll('_', ''))
  return value === null ? null : { value, end }

  function matchAt(pattern: RegExp): string | null {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0] ?? null
  }
}

function valueOf(literal: string): bigint | number | PythonComplex | null {
  if (/^0[xob]/i.test(literal)) return BigInt(literal)
  if (/j$/i.test(literal)) return { type: 'complex', real: 0, imaginary: Number(literal.slice(0, -1)) }
  if (/[.e]/i.test(literal)) return Number(literal)
  return literal.length > MAX_INTEGER_DIGITS ? null : BigInt(literal)
}
