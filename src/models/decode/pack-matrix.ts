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
  source: ArrayLike<number>
  rowStride: number
  columnStride: number
  rows: Places
  columns: Places
  to: Float32Array
}): void {
  let at = 0
  for (let first = 0; first < columns.length; first += PANEL)
    for (let input = 0; input < rows.length; input++) {
      const row = rows[input] ?? -1
      const start = row * rowStride
      for (let column = first; column < first + PANEL; column++) {
        const place = columns[column] ?? -1
        to[at++] = row < 0 || place < 0 ? 0 : (source[start + place * columnStride] ?? 0)
      }
    }
}
