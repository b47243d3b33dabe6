import { PLAIN } from './correlation.js'
import type { Thumbnail } from './thumbnail.js'

/** What brings the grey levels of a thumbnail to mean 0 and length 1, in whatever orientation it lies. */
export interface GreyScale {
  mean: number
  /** One over the length of the levels less their mean; 0 of a plain thumbnail. */
  scale: number
}

/** Levels that are looked at before it is asked whether that is enough: a row of the thumbnail. */
const STEP = 32
/** Rows are taken from all over the thumbnail: its edges are often plain. */
const ROW_STRIDE = 11
/** For what rounding does. */
const SLACK = 1e-6

export function greyScaleOf(thumbnail: Thumbnail): GreyScale {
  let [sum, square] = [0, 0]
  for (let at = 0; at < thumbnail.length; at++) {
    const level = thumbnail[at] ?? 0
    sum += level
    square += level * level
  }
  const spread = square - (sum * sum) / thumbnail.length
  const isPlain = spread < PLAIN * PLAIN * thumbnail.length
  return { mean: sum / thumbnail.length, scale: isPlain ? 0 : 1 / Math.sqrt(spread) }
}

/**
 * Whether the correlation of two thumbnails is below `least`, told as early as it can be: of levels with mean 0 and length 1 the squared distance is 2 (1 − correlation), and
 * most pictures that are unlike are too far apart after a few rows.
 */
export function areUnlike({
  a,
  b,
  scaleOfA,
  scaleOfB,
  least,
}: {
  a: Thumbnail
  b: Thumbnail
  scaleOfA: GreyScale
  scaleOfB: GreyScale
  least: number
}): boolean {
  if (scaleOfA.scale === 0 || scaleOfB.scale === 0) return true
  const most = 2 * (1 - least) + SLACK
  const rows = a.length / STEP
  let distance = 0
  for (let step = 0; step < rows; step++) {
    const row = ((step * ROW_STRIDE) % rows) * STEP
    for (let at = row; at < row + STEP; at++) {
      const apart =
        ((a[at] ?? 0) - scaleOfA.mean) * scaleOfA.scale - ((b[at] ?? 0) - scaleOfB.mean) * scaleOfB.scale
      distance += apart * apart
    }
    if (distance > most) return true
  }
  return false
}
