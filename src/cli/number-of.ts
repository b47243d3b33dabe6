import { UsageError } from '../core/errors.js'

/**
 * An option that takes one number; what is none is refused as it was typed.
 * @param name the option as the user writes it, such as `--rows`
 */
export function numberOf(name: string): {
  type: 'string'
  requiresArg: true
  coerce: (given: unknown) => number
} {
  return {
    // Read as text: of what is no number the parser would leave NaN alone, and of nothing 0.
    type: 'string',
    // Otherwise it would put the default in where no value follows.
    requiresArg: true,
    coerce: (given) => readNumber({ name, what: 'a number', value: given }),
  }
}

/** @throws UsageError where it is no finite number. */
export function readNumber({ name, what, value }: { name: string; what: string; value: unknown }): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw new UsageError(`${name}: expected ${what}, got ${JSON.stringify(value)}`)
}
