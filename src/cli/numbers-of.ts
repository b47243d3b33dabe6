import { UsageError } from '../core/errors.js'

/**
 * An option that takes numbers, one or several; what is none is refused as it was typed.
 * @param name the option as the user writes it, such as `--beta1`
 */
export function numbersOf(name: string): {
  type: 'string'
  array: true
  coerce: (given: unknown) => number[]
} {
  return {
    // Read as text: of what is no number, the parser would leave NaN alone.
    type: 'string',
    array: true,
    coerce: (given) => (Array.isArray(given) ? given : [given]).map((value) => numberOf({ name, value })),
  }
}

function numberOf({ name, value }: { name: string; value: unknown }): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new UsageError(`${name}: expected numbers, got ${JSON.stringify(value)}`)
}
