import { UsageError } from '../core/errors.js'
import { textOf } from './text-of.js'

/**
 * An option that takes one text that ends up as a part of a line in a file: one with control characters, line breaks among them, is refused.
 * @param name the option or argument as the user writes it, such as `--model`
 * @param what it is, such as `a folder`
 */
export function lineOf(
  name: string,
  what: string,
): { type: 'string'; requiresArg: true; coerce: (given: unknown) => string } {
  const text = textOf(name, what)
  return {
    ...text,
    coerce(given) {
      const line = text.coerce(given)
      if (!/\p{Cc}/u.test(line)) return line
      throw new UsageError(`${name}: expected ${what} without line breaks, got ${JSON.stringify(given)}`)
    },
  }
}
