/** Visual tokens of one image along height and width: patches divided by the merge size. */
export interface TokenGrid {
  readonly height: number
  readonly width: number
}

/** Positions of a sequence on the three axes of M-RoPE: time, height, width; each as long as the sequence. */
export interface RopePositions {
  readonly axes: readonly [Int32Array, Int32Array, Int32Array]
  /** Position, the same on all axes, of a token that is appended. */
  readonly next: number
}

/**
 * Positions of token ids, whose image pads stand for the tokens of `grids` in their order. Text counts on, the same on all axes; the tokens of an image share one time and
 * count their rows and columns from where the text before stopped; the text after goes on behind the largest.
 * `first` continues a sequence that was given positions before.
 * @throws RangeError when the pads are not as many as the grids say.
 */
export function ropePositions({
  ids,
  imagePad,
  grids,
  first = 0,
}: {
  ids: ArrayLike<number>
  imagePad: number
  grids: readonly TokenGrid[]
  first?: number
}): RopePositions {
  const axes = [0, 1, 2].map(() => new Int32Array(ids.length)) as [Int32Array, Int32Array, Int32Array]
  const [time, height, width] = axes
  let next = first
  let image = 0
  for (let at = 0; at < ids.length;) {
    if (ids[at] !== imagePad) {
      time[at] = height[at] = width[at] = next++
      at++
      continue
    }
    const grid = grids[image++]
    if (grid === undefined)
      throw new RangeError(`expected image pads of ${grids.length} images, got a pad beyond them at ${at}`)
    for (let row = 0; row < grid.height; row++)
      for (let column = 0; column < grid.width; column++, at++) {
        if (ids[at] !== imagePad)
          throw new RangeError(
            `image ${image - 1}: expected ${grid.height} × ${grid.width} image pads, got other tokens from ${at} on`,
          )
        time[at] = next
        height[at] = next + row
        width[at] = next + column
      }
    next += Math.max(grid.height, grid.width)
  }
  if (image !== grids.length)
    throw new RangeError(`expected image pads of ${grids.length} images, got those of ${image}`)
  return { axes, next }
}
