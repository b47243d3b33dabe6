import { ORIENTATIONS } from '../../core/orientation.js'
import { mirrorAndTurns } from '../transforms/mirror-and-turns.js'
import { correlation } from './correlation.js'
import { differenceHash, type DifferenceHash } from './difference-hash.js'
import type { Place } from './finding.js'
import { areUnlike, greyScaleOf, type GreyScale } from './grey-scale.js'
import { createHashIndex } from './hash-index.js'
import type { DecodedImage } from './inspection.js'
import { SAME_PICTURE } from './likely-orientation.js'
import { orientThumbnail } from './orient-thumbnail.js'

/** Bits of 64 in which hashes of one picture may differ. */
const FAR = 10
/** Part by which the shape of a picture may change when it is scaled to whole pixels. */
const SHAPE = 0.03

export interface SeenPicture {
  place: Place
  /** Of the images of its row. */
  at: number
  sha256: string
  image: DecodedImage
  hash: DifferenceHash
  /** Logarithm of width by height. */
  shape: number
}

export type PictureMatch =
  | { kind: 'same file'; found: SeenPicture }
  | { kind: 'same picture'; found: SeenPicture; likeness: number; distance: number }

/** Pictures of sources that were seen, to find another one among them again. */
export interface EarlierPictures {
  /** A file that is among them already is left out. */
  add(picture: SeenPicture): void
  /** The same file, else the picture that is most alike in any orientation, of equals the first; null where none shows the same. */
  find(picture: SeenPicture): PictureMatch | null
}

export function createEarlierPictures(): EarlierPictures {
  const files = new Map<string, SeenPicture>()
  const pictures: SeenPicture[] = []
  const scales: GreyScale[] = []
  const index = createHashIndex({ far: FAR })
  return {
    add(picture) {
      if (files.has(picture.sha256)) return
      files.set(picture.sha256, picture)
      pictures.push(picture)
      scales.push(greyScaleOf(picture.image.thumbnail))
      index.add(picture.hash)
    },
    find(picture) {
      const same = files.get(picture.sha256)
      if (same !== undefined) return { kind: 'same file', found: same }
      const scaleOfA = greyScaleOf(picture.image.thumbnail)
      let best: { place: number; likeness: number; distance: number } | null = null
      for (const orientation of ORIENTATIONS) {
        const thumbnail = orientThumbnail({ thumbnail: picture.image.thumbnail, orientation })
        const isTurned = mirrorAndTurns(orientation).turns % 2 === 1
        const shape = isTurned ? -picture.shape : picture.shape
        index.near(differenceHash(thumbnail), (place, distance) => {
          const found = pictures[place]
          if (found === undefined || Math.abs(shape - found.shape) > SHAPE) return
          const scaleOfB = scales[place] ?? scaleOfA
          const [a, b] = [thumbnail, found.image.thumbnail]
          if (areUnlike({ a, b, scaleOfA, scaleOfB, least: SAME_PICTURE })) return
          const likeness = correlation(thumbnail, found.image.thumbnail)
          if (likeness < SAME_PICTURE) return
          const isBetter =
            best === null || likeness > best.likeness || (likeness === best.likeness && place < best.place)
          if (isBetter) best = { place, likeness, distance }
        })
      }
      return matchOf({ best, pictures })
    },
  }
}

function matchOf({
  best,
  pictures,
}: {
  best: { place: number; likeness: number; distance: number } | null
  pictures: readonly SeenPicture[]
}): PictureMatch | null {
  const found = best && pictures[best.place]
  return best && found
    ? { kind: 'same picture', found, likeness: best.likeness, distance: best.distance }
    : null
}
