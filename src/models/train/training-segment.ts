import type { ImageInput } from '../vision/image-input.js'

/** One sequence to learn from: what stood before the model's tokens too, without which they have no probability. */
export interface TrainingSegment<Image = ImageInput> {
  readonly ids: Int32Array
  /** 1 for each token that the policy sampled: those are learned from. */
  readonly mask: Uint8Array
  readonly images: readonly Image[]
}

/**
 * Rows of tokens whose next one is learned, and those next ones, of segments that lie one below the other.
 * @throws RangeError when mask and ids are not as long as each other, or the first token, which nothing predicts, is to be learned.
 */
export function learnedTokens(segments: readonly Pick<TrainingSegment, 'ids' | 'mask'>[]): {
  rows: Int32Array
  targets: Int32Array
  /** Learned tokens of each segment. */
  counts: number[]
} {
  const rows: number[] = []
  const targets: number[] = []
  const counts: number[] = []
  let start = 0
  for (const [segment, { ids, mask }] of segments.entries()) {
    if (ids.length !== mask.length)
      throw new RangeError(
        `segment ${segment}: expected a mask as long as the ${ids.length} tokens, got ${mask.length}`,
      )
    if (mask[0] === 1) throw new RangeError(`segment ${segment}: expected the first token not to be learned`)
    const before = rows.length
    for (let at = 1; at < ids.length; at++)
      if (mask[at] === 1) {
        rows.push(start + at - 1)
        targets.push(ids[at] ?? 0)
      }
    counts.push(rows.length - before)
    start += ids.length
  }
  return { rows: Int32Array.from(rows), targets: Int32Array.from(targets), counts }
}
