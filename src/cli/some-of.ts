import { UsageError } from '../core/errors.js'
import { oneOf } from './one-of.js'

/**
 * An option that takes some of a few values, one or several; each is refused as {@link oneOf} does, and none at all. A default stands in the handler: the parser would put it in where no value follows.
 * @param name the option as the user writes it, such as `--without`
 */
export function someOf<const Choices extends readonly string[]>(
  name: string,
  choices: Choices,
): { array: true; choices: Choices; coerce: (given: unknown) => Choices[number][] } {
  const { coerce } = oneOf(name, choices)
  return {
    array: true,
    choices,
    coerce(given) {
      const values: readonly unknown[] = Array.isArray(given) ? given : [given]
      if (values.length === 0)
        throw new UsageError(`${name}: expected some of ${choices.join(', ')}, got none`)
      return values.map((value) => coerce(value))
    },
  }
}
