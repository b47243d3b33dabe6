import type { SampleGrid } from './sample-grid.js'

/** Mean of the samples of each cell; NaN where it has none. */
export function cellMeans(
  values: Float32Array,
  { xs, ys, columns, rows, columnOf, rowOf }: SampleGrid,
): Float64Array {
  const sums = new Float64Array(columns * rows)
  const counts = new Float64Array(columns * rows)
  for (let y = 0, at = 0; y < ys.length; y += 1) {
    const first = (rowOf[y] ?? 0) * columns
    for (let x = 0; x < xs.length; x += 1, at += 1) {
      const value = values[at] ?? NaN
      if (Number.isNaN(value)) continue
      const cell = first + (columnOf[x] ?? 0)
      sums[cell] = (sums[cell] ?? 0) + value
      counts[cell] = (counts[cell] ?? 0) + 1
    }
  }
  return sums.map((sum, cell) => sum / (counts[cell] ?? 0))
}

/**
 * Normalised cross-correlation of brightness gradients, −1 to 1: of the differences between each cell and its right and lower neighbour.
 * 0 where one of both shows nothing.
 */
export function correlateGradients(
  one: Float64Array,
  other: Float64Array,
  { columns, rows }: SampleGrid,
): number {
  let product = 0
  let ones = 0
  let others = 0
  const add = (cell: number, neighbour: number): void => {
    const p = (one[neighbour] ?? NaN) - (one[cell] ?? NaN)
    const q = (other[neighbour] ?? NaN) - (other[cell] ?? NaN)
    if (Number.isNaN(p) || Number.isNaN(q)) return
    product += p * q
    ones += p * p
    others += q * q
  }
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const cell = row * columns + column
      if (column + 1 < columns) add(cell, cell + 1)
      if (row + 1 < rows) add(cell, cell + columns)
    }
  }
  return ones === 0 || others === 0 ? 0 : product / Math.sqrt(ones * others)
}
