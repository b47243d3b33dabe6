const WORDS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

/**
 * Whether two JSON values are the same, numbers as far as |got − expected| ≤ absolute + relative · |expected|. Words stand for numbers that JSON cannot hold; lists may be
 * typed arrays.
 */
export function isCloseTo({
  got,
  expected,
  ...bounds
}: {
  got: unknown
  expected: unknown
  relative: number
  absolute: number
}): boolean {
  if (typeof got === 'number') {
    const wanted = typeof expected === 'number' ? expected : WORDS.get(expected)
    if (wanted === undefined) return false
    if (Object.is(got, wanted) || got === wanted) return true
    return Math.abs(got - wanted) <= bounds.absolute + bounds.relative * Math.abs(wanted)
  }
  if (Array.isArray(got) || got instanceof Float64Array) {
    const items: unknown[] = Array.from<unknown>(got)
    return (
      Array.isArray(expected) &&
      items.length === expected.length &&
      items.every((item, index) => isCloseTo({ got: item, expected: expected[index], ...bounds }))
    )
  }
  if (typeof got !== 'object' || got === null) return got === expected
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return false
  const wanted = new Map<string, unknown>(Object.entries(expected))
  const own = Object.entries(got)
  return (
    own.length === wanted.size &&
    own.every(
      ([key, value]) => wanted.has(key) && isCloseTo({ got: value, expected: wanted.get(key), ...bounds }),
    )
  )
}
