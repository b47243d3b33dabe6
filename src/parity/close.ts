const TOLERANCE = 1e-9
const WORDS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

/**
 * Whether two JSON values are the same, numbers to 1e-9 (absolute, or relative where they are larger than 1). NaN equals NaN, and numbers that JSON cannot hold equal
 * the words that stand for them.
 */
export function isClose(got: unknown, expected: unknown): boolean {
  if (typeof got === 'number') return isCloseNumber(got, numberOf(expected))
  if (Array.isArray(got)) {
    return (
      Array.isArray(expected) &&
      got.length === expected.length &&
      got.every((item, index) => isClose(item, expected[index]))
    )
  }
  if (typeof got !== 'object' || got === null) return got === expected
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return false
  const [own, other] = [new Map(Object.entries(got)), new Map(Object.entries(expected))]
  return (
    own.size === other.size &&
    [...own].every(([key, value]) => other.has(key) && isClose(value, other.get(key)))
  )
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : (WORDS.get(value) ?? null)
}

function isCloseNumber(got: number, expected: number | null): boolean {
  if (expected === null) return false
  if (Object.is(got, expected) || got === expected) return true
  return Math.abs(got - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))
}
