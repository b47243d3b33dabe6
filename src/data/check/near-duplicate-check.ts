import { mirrorAndTurns } from '../transforms/mirror-and-turns.js'
import { ORIENTATIONS } from '../../core/orientation.js'
import type { Check } from './check.js'
import { correlation } from './correlation.js'
import { differenceHash, hammingDistance, type DifferenceHash } from './difference-hash.js'
import type { Finding, Place } from './finding.js'
import type { DecodedImage } from './inspection.js'
import { SAME_PICTURE } from './likely-orientation.js'
import { orientThumbnail } from './orient-thumbnail.js'

/** Bits of 64 in which hashes of one picture may differ. */
const FAR = 10
/** Part by which the shape of a picture may change when it is scaled to whole pixels. */
const SHAPE = 0.03

interface Seen {
  place: Place
  at: number
  sha256: string
  image: DecodedImage
  hash: DifferenceHash
  /** Logarithm of width by height. */
  shape: number
}

/**
 * No source (file, or split of one) has a picture of another one: neither the same bytes, nor the picture scaled, compressed anew, turned or mirrored. Hashes propose,
 * thumbnails decide. Within one source a picture may come as often as it likes.
 */
export function nearDuplicateCheck(): Check {
  const sources = new Map<string, Map<string, Seen>>()
  return {
    row({ place, source, task, images }) {
      const seen = sources.get(source) ?? new Map<string, Seen>()
      sources.set(source, seen)
      for (const [at, image] of images.entries()) {
        const sha256 = task.images[at]?.sha256
        if (!image.isDecodable || sha256 === undefined || seen.has(sha256)) continue
        const shape = Math.log(image.width / image.height)
        seen.set(sha256, { place, at, sha256, image, hash: differenceHash(image.thumbnail), shape })
      }
      return []
    },
    end() {
      const earlier = new Map<string, Seen>()
      const findings: Finding[] = []
      for (const seen of sources.values()) {
        for (const one of seen.values()) findings.push(...findingOf({ one, earlier }))
        for (const one of seen.values()) if (!earlier.has(one.sha256)) earlier.set(one.sha256, one)
      }
      return findings
    },
  }
}

interface Compared {
  one: Seen
  /** Pictures of the sources before, by the checksums of their files. */
  earlier: ReadonlyMap<string, Seen>
}

function findingOf({ one, earlier }: Compared): Finding[] {
  const same = earlier.get(one.sha256)
  const match = same === undefined ? nearestOf({ one, earlier }) : { found: same, how: 'the same file' }
  if (match === null) return []
  return [
    {
      check: 'near-duplicate',
      ...one.place,
      what: `images[${one.at}]`,
      expected: 'a picture that no other file or split has',
      got: `that of ${match.found.place.where} (${match.how})`,
    },
  ]
}

function nearestOf({ one, earlier }: Compared): { found: Seen; how: string } | null {
  const shown = ORIENTATIONS.map((orientation) => {
    const thumbnail = orientThumbnail({ thumbnail: one.image.thumbnail, orientation })
    const isTurned = mirrorAndTurns(orientation).turns % 2 === 1
    return { thumbnail, hash: differenceHash(thumbnail), shape: isTurned ? -one.shape : one.shape }
  })
  let best: { found: Seen; likeness: number; distance: number } | null = null
  for (const found of earlier.values()) {
    for (const { thumbnail, hash, shape } of shown) {
      if (Math.abs(shape - found.shape) > SHAPE) continue
      const distance = hammingDistance(hash, found.hash)
      if (distance > FAR) continue
      const likeness = correlation(thumbnail, found.image.thumbnail)
      if (likeness >= SAME_PICTURE && likeness > (best?.likeness ?? 0)) best = { found, likeness, distance }
    }
  }
  return (
    best && {
      found: best.found,
      how: `likeness ${best.likeness.toFixed(3)}, ${best.distance} of 64 bits differ`,
    }
  )
}
