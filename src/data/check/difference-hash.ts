import { THUMBNAIL_SIDE as SIDE, type Thumbnail } from './thumbnail.js'

/** 64 bits in two halves. */
export type DifferenceHash = readonly [high: number, low: number]

const [COLUMNS, ROWS] = [9, 8]
/** Grey levels by which a cell must be brighter than its left neighbour: in plain areas noise decides nothing. */
const MARGIN = 2

/** Pixels that each cell holds a part of, cell by cell, and how large a part; FIRST_SHARE says where a cell's begin. */
const { PIXEL, SHARE, FIRST_SHARE } = cellShares()

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
function cellMeans(thumbnail: Thumbnail): Float64Array {
  const means = new Float64Array(COLUMNS * ROWS)
  for (let cell = 0; cell < means.length; cell++) {
    let sum = 0
    for (let at = FIRST_SHARE[cell] ?? 0; at < (FIRST_SHARE[cell + 1] ?? 0); at++)
      sum += (SHARE[at] ?? 0) * (thumbnail[PIXEL[at] ?? 0] ?? 0)
    means[cell] = sum / (SIDE * SIDE)
  }
  return means
}

function cellShares(): { PIXEL: Int32Array; SHARE: Int32Array; FIRST_SHARE: Int32Array } {
  const [pixels, shares, first]: [number[], number[], number[]] = [[], [], [0]]
  for (let cell = 0; cell < COLUMNS * ROWS; cell++) {
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)]
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)]
      const share = Math.max(0, overlap(x, column, COLUMNS)) * Math.max(0, overlap(y, row, ROWS))
      if (share === 0) continue
      pixels.push(pixel)
      shares.push(share)
    }
    first.push(pixels.length)
  }
  return {
    PIXEL: Int32Array.from(pixels),
    SHARE: Int32Array.from(shares),
    FIRST_SHARE: Int32Array.from(first),
  }
}

/** Length that a pixel and a cell share, where a pixel is `count` long and a cell `SIDE`; negative where they are apart. */
function overlap(pixel: number, cell: number, count: number): number {
  return Math.min((pixel + 1) * count, (cell + 1) * SIDE) - Math.max(pixel * count, cell * SIDE)
}

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
