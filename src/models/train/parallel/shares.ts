/**
 * Places of sequences, shared out so that all shares have nearly as many tokens: the longest first, each to the share that has the fewest so far. The same lengths give the same shares; one may be
 * empty where there are fewer sequences than shares. Within a share places ascend.
 */
export function shares({
  lengths,
  count,
}: {
  /** In tokens. */
  lengths: readonly number[]
  count: number
}): number[][] {
  const parts = Array.from({ length: count }, () => ({ places: [] as number[], tokens: 0 }))
  const places = [...lengths.keys()].sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b)
  for (const place of places) {
    const lightest = parts.reduce((least, part) => (part.tokens < least.tokens ? part : least))
    lightest.places.push(place)
    lightest.tokens += lengths[place] ?? 0
  }
  return parts.map((part) => part.places.sort((a, b) => a - b))
}
