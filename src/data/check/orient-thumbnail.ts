import { mirrorAndTurns } from '../transforms/mirror-and-turns.js'
import { ORIENTATIONS, type Orientation } from '../../core/orientation.js'
import { THUMBNAIL_SIDE as SIDE, type Thumbnail } from './thumbnail.js'

/** Of each pixel of a thumbnail in an orientation, where it comes from. */
const SOURCES = new Map(ORIENTATIONS.map((orientation) => [orientation, sourcesOf(orientation)]))

/** The thumbnail that the image would have in another orientation. */
export function orientThumbnail({
  thumbnail,
  orientation,
}: {
  thumbnail: Thumbnail
  orientation: Orientation
}): Thumbnail {
  const sources = SOURCES.get(orientation) ?? sourcesOf(orientation)
  const moved = new Uint8Array(SIDE * SIDE)
  for (let at = 0; at < moved.length; at++) moved[at] = thumbnail[sources[at] ?? 0] ?? 0
  return moved
}

function sourcesOf(orientation: Orientation): Uint16Array {
  const { isMirrored, turns } = mirrorAndTurns(orientation)
  const sources = new Uint16Array(SIDE * SIDE)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let [column, row] = [isMirrored ? SIDE - 1 - x : x, y]
      for (let turn = 0; turn < turns; turn++) [column, row] = [row, SIDE - 1 - column]
      sources[row * SIDE + column] = y * SIDE + x
    }
  }
  return sources
}
