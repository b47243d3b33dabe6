import { didYouMean } from '../config/did-you-mean.js'
import { UsageError } from '../core/errors.js'

/**
 * An option that takes one of a few values: they stand in --help, and another value is refused with the one that was probably meant.
 * @param name the option or argument as the user writes it, such as `--policy`
 */
export function oneOf<const Choices extends readonly string[]>(
  name: string,
  choices: Choices,
): { choices: Choices; coerce: (given: unknown) => Choices[number] } {
  return {
    choices,
    coerce(given) {
      const found = choices.find((choice) => choice === given)
      if (found !== undefined) return found
      const meant = typeof given === 'string' ? didYouMean({ given, candidates: choices }) : null
      throw new UsageError(
        `${name}: expected one of ${choices.join(', ')}, got ${JSON.stringify(given)}${meant === null ? '' : `; did you mean ${meant}?`}`,
      )
    },
  }
}
