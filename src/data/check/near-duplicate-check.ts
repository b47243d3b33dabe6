import type { Check } from './check.js'
import { differenceHash } from './difference-hash.js'
import {
  createEarlierPictures,
  type EarlierPictures,
  type PictureMatch,
  type SeenPicture,
} from './earlier-pictures.js'
import type { Finding } from './finding.js'
import { createPace } from './pace.js'

/**
 * No source (file, or split of one) has a picture of another one: neither the same bytes, nor the picture scaled, compressed anew, turned or mirrored. Hashes propose,
 * thumbnails decide. Within one source a picture may come as often as it likes.
 */
export function nearDuplicateCheck(): Check {
  const sources = new Map<string, Map<string, SeenPicture>>()
  return {
    row({ place, source, task, images }) {
      const seen = sources.get(source) ?? new Map<string, SeenPicture>()
      sources.set(source, seen)
      for (const [at, image] of images.entries()) {
        const sha256 = task.images[at]?.sha256
        if (!image.isDecodable || sha256 === undefined || seen.has(sha256)) continue
        const shape = Math.log(image.width / image.height)
        seen.set(sha256, { place, at, sha256, image, hash: differenceHash(image.thumbnail), shape })
      }
      return []
    },
    async end({ signal, onProgress }) {
      const earlier = createEarlierPictures()
      const findings: Finding[] = []
      const total = [...sources.values()].reduce((sum, seen) => sum + seen.size, 0)
      let isLong = false
      const pace = createPace({
        signal,
        onTurn: (done) => {
          isLong = true
          onProgress({ done, total })
        },
      })
      for (const seen of sources.values()) {
        for (const one of seen.values()) {
          findings.push(...findingOf({ one, earlier }))
          await pace()
        }
        for (const one of seen.values()) earlier.add(one)
      }
      if (isLong) onProgress({ done: total, total })
      return findings
    },
  }
}

function findingOf({ one, earlier }: { one: SeenPicture; earlier: EarlierPictures }): Finding[] {
  const match = earlier.find(one)
  if (match === null) return []
  const { found } = match
  return [
    {
      check: 'near-duplicate',
      ...one.place,
      what: `images[${one.at}]`,
      expected: 'a picture that no other file or split has',
      got: `that of ${found.place.where} (${howOf(match)})`,
    },
  ]
}

function howOf(match: PictureMatch): string {
  return match.kind === 'same file'
    ? 'the same file'
    : `likeness ${match.likeness.toFixed(3)}, ${match.distance} of 64 bits differ`
}
