import type { Random } from './random.js'

const ONSETS = ['B', 'D', 'F', 'G', 'H', 'K', 'M', 'N', 'P', 'R', 'S', 'T', 'V', 'W']
const VOWELS = ['a', 'e', 'o', 'u']
const MIDDLES = ['nd', 'rk', 'st', 'lm', 'rv', 'mp', 'nt', 'sk', 'b', 'd', 'g', 'm', 'v']
const ENDINGS = ['an', 'ero', 'en', 'o', 'uma', 'ora', 'ek', 'eth', 'us', 'ona']
/** Letters that no common typeface lets one take for a digit. */
const CODE_LETTERS = 'ACEFHJKMNPRTUVWXY'

/** Made-up names, as many as asked, each with its own first letter: nobody can know them, nothing is taken for another. */
export function makeNames({ random, count }: { random: Random; count: number }): string[] {
  if (count > ONSETS.length)
    throw new RangeError(`Expected at most ${ONSETS.length.toString()} names, got ${count.toString()}.`)
  return random
    .shuffle(ONSETS)
    .slice(0, count)
    .map((onset) => onset + random.pick(VOWELS) + random.pick(MIDDLES) + random.pick(ENDINGS))
}

/** Codes such as `KT-482`, all different. */
export function makeCodes({ random, count }: { random: Random; count: number }): string[] {
  const letter = () => random.pick([...CODE_LETTERS])
  return makeDistinct({ count, make: () => `${letter()}${letter()}-${random.integer(200, 999).toString()}` })
}

/** Amounts such as `17.45`, all different. */
export function makePrices({ random, count }: { random: Random; count: number }): string[] {
  return makeDistinct({ count, make: () => (random.integer(120, 9890) / 100).toFixed(2) })
}

/** Whole numbers of [low, high], all different. */
export function makeNumbers({
  random,
  count,
  low,
  high,
}: {
  random: Random
  count: number
  low: number
  high: number
}): string[] {
  return makeDistinct({ count, make: () => random.integer(low, high).toString() })
}

function makeDistinct({ count, make }: { count: number; make: () => string }): string[] {
  const made = new Set<string>()
  while (made.size < count) made.add(make())
  return [...made]
}
