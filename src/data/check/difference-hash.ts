import { THUMBNAIL_SIDE as SIDE, type Thumbnail } from './thumbnail.js'

/** 64 bits in two halves. */
export type DifferenceHash = readonly [high: number, low: number]

const [COLUMNS, ROWS] = [9, 8]
/** Grey levels by which a cell must be brighter than its left neighbour: in plain areas noise decides nothing. */
const MARGIN = 2

/** Perceptual hash (dHash, N. Krawetz 2013): of 9 × 8 cells, which one is brighter than the one to its left. Scaling and compression change few of its bits. */
export function differenceHash(thumbnail: Thumbnail): DifferenceHash {
  const cells = cellMeans(thumbnail)
  let [high, low] = [0, 0]
  for (let bit = 0; bit < 64; bit++) {
    const at = Math.floor(bit / 8) * COLUMNS + (bit % 8)
    if ((cells[at + 1] ?? 0) - (cells[at] ?? 0) <= MARGIN) continue
    if (bit < 32) high |= 1 << bit
    else low |= 1 << (bit - 32)
  }
  return [high, low]
}

/** How many bits differ, 0 to 64. */
export function hammingDistance(a: DifferenceHash, b: DifferenceHash): number {
  return bitsOf(a[0] ^ b[0]) + bitsOf(a[1] ^ b[1])
}

/** Mean of each cell; a pixel that two cells share counts for each by its part. In whole numbers, so that a mirrored image has the same means. */
function cellMeans(thumbnail: Thumbnail): number[] {
  return Array.from({ length: COLUMNS * ROWS }, (_, cell) => {
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)]
    let sum = 0
    for (let y = Math.floor((row * SIDE) / ROWS); y * ROWS < (row + 1) * SIDE; y++) {
      for (let x = Math.floor((column * SIDE) / COLUMNS); x * COLUMNS < (column + 1) * SIDE; x++)
        sum += overlap(x, column, COLUMNS) * overlap(y, row, ROWS) * (thumbnail[y * SIDE + x] ?? 0)
    }
    return sum / (SIDE * SIDE)
  })
}

/** Length that a pixel and a cell share, where a pixel is `count` long and a cell `SIDE`. */
function overlap(pixel: number, cell: number, count: number): number {
  return Math.min((pixel + 1) * count, (cell + 1) * SIDE) - Math.max(pixel * count, cell * SIDE)
}

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
