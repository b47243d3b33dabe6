import { UsageError } from '../core/errors.js'
import { expectNoSecret } from '../core/expect-no-secret.js'

/**
 * An option that takes the address of a service, http:// or https://, paths included; one with a user or a password is refused, since it is written into files.
 * @param name the option as the user writes it, such as `--url`
 */
export function urlOf(name: string): {
  type: 'string'
  requiresArg: true
  coerce: (given: unknown) => string
} {
  return {
    type: 'string',
    requiresArg: true,
    coerce(given) {
      if (typeof given === 'string' && isAddress(given)) {
        expectNoSecret({
          option: name,
          value: given,
          advice: 'A token goes into the variable CODEVISION_TOKEN.',
        })
        return given
      }
      const expected = `${name}: expected the address of a service such as http://127.0.0.1:8000, got ${JSON.stringify(given)}`
      const meant = `http://${String(given)}`
      const isNamed = typeof given === 'string' && !given.includes('://') && isAddress(meant)
      throw new UsageError(isNamed ? `${expected}; did you mean ${meant}?` : expected)
    },
  }
}

/** Spaces and line breaks the URL standard would leave out; a query or a fragment would stand in the middle of each request's path. */
function isAddress(given: string): boolean {
  if (/[\s\p{Cc}?#]/u.test(given) || !/^https?:\/\//i.test(given) || !URL.canParse(given)) return false
  return new URL(given).hostname !== ''
}
