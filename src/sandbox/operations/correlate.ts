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

/** Which cell of the other image is compared with a cell; −1 where there is none. */
export type Pairing = Int32Array

export function pairing(
  { columns, rows }: SampleGrid,
  partner: (column: number, row: number) => readonly [column: number, row: number],
): Pairing {
  return Int32Array.from({ length: columns * rows }, (_, cell) => {
    const [column, row] = partner(cell % columns, Math.floor(cell / columns))
    const isWithin = column >= 0 && row >= 0 && column < columns && row < rows
    return isWithin ? row * columns + column : -1
  })
}

/**
 * Normalised cross-correlation of brightness gradients, −1 to 1: of the differences between each cell and its right and lower neighbour, and those between
 * their partners. 0 where one of both shows nothing.
 */
export function correlateGradients(
  one: Float64Array,
  other: Float64Array,
  { columns, rows }: SampleGrid,
  partners: Pairing,
): number {
  let product = 0
  let ones = 0
  let others = 0
  for (let row = 0, cell = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, cell += 1) {
      for (let side = 0; side < 2; side += 1) {
        if (side === 0 ? column + 1 === columns : row + 1 === rows) continue
        const neighbour = side === 0 ? cell + 1 : cell + columns
        const p = (one[neighbour] ?? NaN) - (one[cell] ?? NaN)
        const q = (other[partners[neighbour] ?? -1] ?? NaN) - (other[partners[cell] ?? -1] ?? NaN)
        const both = p * q
        if (both !== both) continue
        product += both
        ones += p * p
        others += q * q
      }
    }
  }
  return ones === 0 || others === 0 ? 0 : product / Math.sqrt(ones * others)
}
