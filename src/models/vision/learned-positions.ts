import { add, gather, mul, split, tensor1d, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core'
import type { PatchGrid } from './patch-order.js'

/**
 * Learned positions of the patches of images, one below the other, [patches, hidden], from a table of `side` × `side` [side², hidden]: an image's rows and columns are spread evenly over the table's
 * from its first to its last, and each patch takes the four entries around its place, weighed bilinearly.
 */
export function learnedPositions({
  table,
  side,
  images,
}: {
  table: Tensor2D
  side: number
  images: readonly { grid: PatchGrid; places: readonly { row: number; column: number }[] }[]
}): Tensor2D {
  const patches = images.reduce((sum, { places }) => sum + places.length, 0)
  // The four entries of all patches, one after the other.
  const index = new Int32Array(CORNERS * patches)
  const share = new Float32Array(CORNERS * patches)
  let patch = 0
  for (const { grid, places } of images) {
    const rows = evenly({ count: grid.height, side })
    const columns = evenly({ count: grid.width, side })
    for (const place of places) {
      const row = rows[place.row] ?? { low: 0, high: 0, part: 0 }
      const column = columns[place.column] ?? { low: 0, high: 0, part: 0 }
      const set = (corner: number, y: number, x: number, part: number): void => {
        index[corner * patches + patch] = y * side + x
        share[corner * patches + patch] = part
      }
      set(0, row.low, column.low, (1 - row.part) * (1 - column.part))
      set(1, row.low, column.high, (1 - row.part) * column.part)
      set(2, row.high, column.low, row.part * (1 - column.part))
      set(3, row.high, column.high, row.part * column.part)
      patch++
    }
  }
  const weighed = mul(
    gather(table, tensor1d(index, 'int32')),
    tensor2d(share, [CORNERS * patches, 1]),
  ) as Tensor2D
  return split(weighed, CORNERS).reduce((sum, part) => add(sum, part)) as Tensor2D
}

const CORNERS = 4

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
