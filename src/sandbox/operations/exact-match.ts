import { isAxisAligned, wholePixels, type Affine, type Rectangle } from './affine.js'
import { overWhite, pixelAt, type PixelRows } from './pixel-rows.js'

/** Positions along each side that are looked at: every one of an image up to this size. */
const POSITIONS = 48
/** Where the map turns by another than a right angle: each of them lies in another row of the input. */
const POSITIONS_ASLANT = 32
/** Positions where the first look saw next to nothing but one colour. */
const MORE_POSITIONS = 1024
/** Samples that differ from the one before, from which on the first look is enough. */
const ENOUGH_DETAIL = 80
/** Of the samples, this many must show the input at all. */
const LEAST_INSIDE = 0.05

export interface Comparison {
  result: PixelRows
  input: PixelRows
  /** From the result's pixels to the input's. */
  map: Affine
  /** The part of the input that the result can show; all of it where nothing is said. */
  domain?: Rectangle
}

/**
 * Whether the result is the input under the map, pixel by pixel and nothing else: equal at every position that is looked at, and of one colour where the map
 * leads out of the input, or of the part of it that can be shown. Positions are drawn at random, one in each cell of a grid over the result, long after the
 * code has ended.
 */
export function isExact(comparison: Comparison): boolean {
  const positions = isAxisAligned(comparison.map) ? POSITIONS : POSITIONS_ASLANT
  const detail = compare(comparison, positions)
  if (detail === null) return false
  const { width, height } = comparison.result
  if (detail >= ENOUGH_DETAIL || Math.max(width, height) <= positions) return true
  return compare(comparison, MORE_POSITIONS) !== null
}

/** @returns null where a pixel differs, else how many samples are of another colour than the one before. */
function compare({ result, input, map, domain }: Comparison, positions: number): number | null {
  const [a, b, c, d, e, f] = map
  const [left, top, right, bottom] = wholePixels(domain ?? [0, 0, input.width, input.height], input)
  const xs = drawPositions(result.width, positions)
  const ys = drawPositions(result.height, positions)
  const isOpaque = input.channels !== 4
  let inside = 0
  let detail = 0
  let last = -1
  let fill = -1
  for (const y of ys) {
    const row = result.row(y)
    for (const x of xs) {
      const shown = pixelAt(row, x, result.channels)
      const u = Math.floor(a * (x + 0.5) + b * (y + 0.5) + c)
      const v = Math.floor(d * (x + 0.5) + e * (y + 0.5) + f)
      // What is no number lies nowhere.
      if (!(u >= left && v >= top && u < right && v < bottom)) {
        if (fill < 0) fill = shown
        if (shown !== fill) return null
        continue
      }
      const expected = pixelAt(input.row(v), u, input.channels)
      if (shown !== expected && (isOpaque || !isSameOverWhite(shown, expected))) return null
      inside += 1
      if (shown !== last) detail += 1
      last = shown
    }
  }
  return inside >= LEAST_INSIDE * xs.length * ys.length ? detail : null
}

/** What was transparent has been laid over white before the code saw it; blending rounds in more than one way. */
function isSameOverWhite(shown: number, expected: number): boolean {
  if ((expected & 255) === 255) return false
  const blended = overWhite(expected)
  return [24, 16, 8, 0].every(
    (shift) => Math.abs(((shown >>> shift) & 255) - ((blended >>> shift) & 255)) <= 1,
  )
}

/** One position in each of at most `count` equal parts of a side. */
function drawPositions(length: number, count: number): Int32Array {
  if (length <= count) return Int32Array.from({ length }, (_, index) => index)
  const part = length / count
  return Int32Array.from({ length: count }, (_, index) => Math.floor((index + Math.random()) * part))
}
