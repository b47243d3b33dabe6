import { PANEL } from './decoder-sizes.js'

/** Which number of a parameter stands at each padded place; -1: none, a zero. */
export type Places = Int32Array

/** Places one behind the other, padded at the end. */
export function placesInOrder({ size, padded }: { size: number; padded: number }): Places {
  return Int32Array.from({ length: padded }, (_, at) => (at < size ? at : -1))
}

/** Places of heads, each half of which is padded by itself, so that the pairs of a rotation stay half a head apart. */
export function placesOfHeads({
  heads,
  size,
  padded,
}: {
  heads: number
  size: number
  padded: number
}): Places {
  const [half, paddedHalf] = [size / 2, padded / 2]
  return Int32Array.from({ length: heads * padded }, (_, at) => {
    const head = Math.floor(at / padded)
    const within = at % paddedHalf
    const isSecond = at % padded >= paddedHalf
    return within < half ? head * size + (isSecond ? half : 0) + within : -1
  })
}

/** Put the numbers of a vector to their places. */
export function packVector({
  source,
  places,
  to,
}: {
  source: ArrayLike<number>
  places: Places
  to: Float32Array
}): void {
  for (const [at, place] of places.entries()) to[at] = place < 0 ? 0 : (source[place] ?? 0)
}

/**
 * Put a matrix [inputs, outputs] into panels of eight outputs, each of them input by input. `rowStride` and `columnStride` tell how far apart inputs and outputs lie in `source`, so that a
 * transposed one is packed as well.
 */
export function packMatrix({
  source,
  rowStride,
  columnStride,
  rows,
  columns,
  to,
}: {
  source: Float32Array
  rowStride: number
  columnStride: number
  rows: Places
  columns: Places
  to: Float32Array
}): void {
  const offsets = columns.map((place) => (place < 0 ? -1 : place * columnStride))
  let at = 0
  for (let first = 0; first < columns.length; first += PANEL) {
    const panel = offsets.subarray(first, first + PANEL)
    const isWhole = panel.every((offset) => offset >= 0)
    for (let input = 0; input < rows.length; input++, at += PANEL) {
      const row = rows[input] as number
      const start = row * rowStride
      if (row < 0) to.fill(0, at, at + PANEL)
      else if (isWhole)
        for (let one = 0; one < PANEL; one++) to[at + one] = source[start + (panel[one] as number)] as number
      else
        for (let one = 0; one < PANEL; one++) {
          const offset = panel[one] as number
          to[at + one] = offset < 0 ? 0 : (source[start + offset] as number)
        }
    }
  }
}
