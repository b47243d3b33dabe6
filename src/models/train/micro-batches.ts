/** Places of sequences in the order in which they come, together as long as they are no more than `maxCount` and have no more than `maxTokens` tokens; a longer one stands alone. */
export function microBatches({
  lengths,
  maxTokens,
  maxCount = Infinity,
}: {
  /** In tokens. */
  lengths: readonly number[]
  maxTokens: number
  maxCount?: number
}): number[][] {
  const batches: number[][] = []
  let room = 0
  for (const [at, length] of lengths.entries()) {
    const last = batches.at(-1)
    if (last !== undefined && last.length < maxCount && length <= room) last.push(at)
    else {
      batches.push([at])
      room = maxTokens
    }
    room -= length
  }
  return batches
}
