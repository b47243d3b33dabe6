/** Numbers of all learned tokens, one after the other, sequence by sequence. */
export function dealt({
  values = new Float32Array(),
  counts,
}: {
  values: ArrayLike<number> | undefined
  /** Learned tokens of each. */
  counts: readonly number[]
}): Float64Array[] {
  let start = 0
  return counts.map((count) => {
    const own = Float64Array.from({ length: count }, (_, at) => values[start + at] ?? NaN)
    start += count
    return own
  })
}
