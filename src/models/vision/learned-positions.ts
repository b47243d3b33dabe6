import { add, gather, mul, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core'

/**
 * Learned positions of patches, [patches, hidden], from a table of `side` × `side` [side², hidden]: the image's rows and columns are spread evenly over the table's from its first to
 * its last, and each patch takes the four entries around its place, weighed bilinearly.
 */
export function learnedPositions({
  table,
  side,
  grid,
  places,
}: {
  table: Tensor2D
  side: number
  grid: { height: number; width: number }
  places: readonly { row: number; column: number }[]
}): Tensor2D {
  const rows = evenly({ count: grid.height, side })
  const columns = evenly({ count: grid.width, side })
  const corners = [0, 1, 2, 3].map(() => ({
    index: new Int32Array(places.length),
    share: new Float32Array(places.length),
  }))
  for (const [at, place] of places.entries()) {
    const row = rows[place.row] ?? { low: 0, high: 0, part: 0 }
    const column = columns[place.column] ?? { low: 0, high: 0, part: 0 }
    const set = (corner: number, y: number, x: number, share: number): void => {
      const { index, share: shares } = corners[corner] ?? { index: [], share: [] }
      index[at] = y * side + x
      shares[at] = share
    }
    set(0, row.low, column.low, (1 - row.part) * (1 - column.part))
    set(1, row.low, column.high, (1 - row.part) * column.part)
    set(2, row.high, column.low, row.part * (1 - column.part))
    set(3, row.high, column.high, row.part * column.part)
  }
  return corners
    .map(({ index, share }): Tensor2D =>
      mul(gather(table, tensor1d(index, 'int32')), tensor2d(share, [places.length, 1])),
    )
    .reduce((sum, part) => add(sum, part))
}

function evenly({
  count,
  side,
}: {
  count: number
  side: number
}): { low: number; high: number; part: number }[] {
  const step = count > 1 ? (side - 1) / (count - 1) : 0
  return Array.from({ length: count }, (_, at) => {
    const place = Math.fround(at * step)
    const low = Math.floor(place)
    return { low, high: Math.min(low + 1, side - 1), part: place - low }
  })
}
