import { UsageError } from '../core/errors.js'
import { readNumber } from './number-of.js'

/**
 * An option that takes numbers, one or several; what is none is refused as it was typed, and none at all. A default stands in the handler: the parser would put it in where no value follows.
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
    coerce(given) {
      const values: readonly unknown[] = Array.isArray(given) ? given : [given]
      if (values.length === 0) throw new UsageError(`${name}: expected numbers, got none`)
      return values.map((value) => readNumber({ name, what: 'numbers', value }))
    },
  }
}
