/** Patches of one image along height and width; both multiples of the merge size. */
export interface PatchGrid {
  readonly height: number
  readonly width: number
}

/** Row and column of each patch in the order in which patches are given: merge block by merge block, within it row by row. */
export function patchPlaces({
  grid,
  mergeSize,
}: {
  grid: PatchGrid
  mergeSize: number
}): { row: number; column: number }[] {
  const places: { row: number; column: number }[] = []
  for (let top = 0; top < grid.height; top += mergeSize)
    for (let left = 0; left < grid.width; left += mergeSize)
      for (let row = top; row < top + mergeSize; row++)
        for (let column = left; column < left + mergeSize; column++) places.push({ row, column })
  return places
}

/** Attention windows over the merge blocks of an image: `order[i]` is the block that stands at place i once each window's blocks stand together, and windows of one size are neighbours. */
export interface WindowOrder {
  readonly order: Int32Array
  /** Groups of windows of one size, in their order. */
  readonly groups: readonly { windows: number; blocks: number }[]
}

/** Windows of `side` × `side` blocks, from the upper left; those at the right and lower edge are smaller where the image does not divide. */
export function windowOrder({
  grid,
  mergeSize,
  side,
}: {
  grid: PatchGrid
  mergeSize: number
  side: number
}): WindowOrder {
  const rows = grid.height / mergeSize
  const columns = grid.width / mergeSize
  const windows: number[][] = []
  for (let top = 0; top < rows; top += side)
    for (let left = 0; left < columns; left += side) {
      const blocks: number[] = []
      for (let row = top; row < Math.min(rows, top + side); row++)
        for (let column = left; column < Math.min(columns, left + side); column++)
          blocks.push(row * columns + column)
      windows.push(blocks)
    }
  windows.sort((a, b) => b.length - a.length)
  const groups: { windows: number; blocks: number }[] = []
  for (const { length } of windows) {
    const last = groups.at(-1)
    if (last?.blocks === length) last.windows++
    else groups.push({ windows: 1, blocks: length })
  }
  return { order: Int32Array.from(windows.flat()), groups }
}
