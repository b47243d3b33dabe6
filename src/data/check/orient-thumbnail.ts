import { mirrorAndTurns } from '../transforms/mirror-and-turns.js'
import type { Orientation } from '../../core/orientation.js'
import { THUMBNAIL_SIDE as SIDE, type Thumbnail } from './thumbnail.js'

/** The thumbnail that the image would have in another orientation. */
export function orientThumbnail({
  thumbnail,
  orientation,
}: {
  thumbnail: Thumbnail
  orientation: Orientation
}): Thumbnail {
  const { isMirrored, turns } = mirrorAndTurns(orientation)
  const moved = new Uint8Array(SIDE * SIDE)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let [column, row] = [isMirrored ? SIDE - 1 - x : x, y]
      for (let turn = 0; turn < turns; turn++) [column, row] = [row, SIDE - 1 - column]
      moved[row * SIDE + column] = thumbnail[y * SIDE + x] ?? 0
    }
  }
  return moved
}
