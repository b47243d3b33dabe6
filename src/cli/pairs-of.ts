import { UsageError } from '../core/errors.js'

/**
 * An option that takes pairs `NAME=value`, one or several; a name that comes twice is refused, and so is a pair that is none.
 * @param name the option as the user writes it, such as `--env`
 */
export function pairsOf(name: string): {
  type: 'string'
  array: true
  nargs: 1
  coerce: (given: unknown) => Record<string, string>
} {
  return {
    type: 'string',
    array: true,
    // Each time the option is named one pair follows, so that what stands behind is not taken for more.
    nargs: 1,
    coerce(given) {
      const pairs = new Map<string, string>()
      for (const value of Array.isArray(given) ? (given as unknown[]) : [given]) {
        const [, key, rest] = /^([^=\s]+)=([^]*)$/.exec(String(value)) ?? []
        if (key === undefined || rest === undefined)
          throw new UsageError(`${name}: expected NAME=value, got ${JSON.stringify(value)}`)
        if (pairs.has(key)) throw new UsageError(`${name}: expected each name once, got ${key} twice`)
        pairs.set(key, rest)
      }
      return Object.fromEntries(pairs)
    },
  }
}
