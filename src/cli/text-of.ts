import { UsageError } from '../core/errors.js'

/**
 * An option that takes one text; none, an empty one and several are refused.
 * @param name the option or argument as the user writes it, such as `--output`
 * @param what it is, such as `a folder`
 */
export function textOf(
  name: string,
  what: string,
): { type: 'string'; requiresArg: true; coerce: (given: unknown) => string } {
  return {
    type: 'string',
    // Otherwise the parser would put the default in where no value follows.
    requiresArg: true,
    coerce(given) {
      if (typeof given === 'string' && given.trim() !== '') return given
      throw new UsageError(`${name}: expected ${what}, got ${JSON.stringify(given)}`)
    },
  }
}
