import { ORIENTATIONS, type Orientation } from '../../core/orientation.js'
import { correlation } from './correlation.js'
import { orientThumbnail } from './orient-thumbnail.js'
import type { Thumbnail } from './thumbnail.js'

/** Thumbnails that are less alike show different pictures. */
export const SAME_PICTURE = 0.98

/** Which orientation turns one picture into another, as far as thumbnails tell; null where they show different pictures. */
export function likelyOrientation({
  from,
  to,
}: {
  from: Thumbnail
  to: Thumbnail
}): { orientation: Orientation; likeness: number } | null {
  const [best] = ORIENTATIONS.map((orientation) => ({
    orientation,
    likeness: correlation(orientThumbnail({ thumbnail: from, orientation }), to),
  })).sort((a, b) => b.likeness - a.likeness)
  return best !== undefined && best.likeness >= SAME_PICTURE ? best : null
}
