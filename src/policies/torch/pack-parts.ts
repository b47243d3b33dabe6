/**
 * Places of sequences in parts that are computed one after the other: neighbours share a part as long as, padded to the longest of them, they hold no more than `most` tokens. A sequence that is longer
 * stands alone.
 */
export function packParts({ lengths, most }: { lengths: readonly number[]; most: number }): number[][] {
  const parts: number[][] = []
  let longest = 0
  for (const [place, length] of lengths.entries()) {
    const last = parts.at(-1)
    longest = Math.max(longest, length)
    if (last !== undefined && longest * (last.length + 1) <= most) last.push(place)
    else {
      parts.push([place])
      longest = length
    }
  }
  return parts
}
