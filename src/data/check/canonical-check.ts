import type { Transform } from '../../core/transform.js'
import type { Check } from './check.js'
import type { Finding, Place } from './finding.js'
import type { Inspection } from './inspection.js'
import { likelyOrientation } from './likely-orientation.js'

interface Version {
  place: Place
  transform: Transform
  digest: string
  image: Inspection | undefined
}

/**
 * The transformation that a row names is the one that was applied: undone, the image has the pixels of the canonical one. The canonical image is that of a row without
 * transformation that holds the same picture; where there is none, the transformed versions of a picture are compared with each other.
 */
export function canonicalCheck(): Check {
  const versions = new Map<string, Version[]>()
  return {
    row({ place, task: { transform }, picture, undone, images }) {
      if (picture === null || undone === null) return []
      if (!undone.isKnown) {
        return transform === 'none'
          ? []
          : [
              {
                check: 'tools',
                ...place,
                what: 'images[0]',
                expected: 'pixels that a transformation keeps',
                got: undone.reason,
              },
            ]
      }
      const version = { place, transform, digest: undone.digest, image: images[0] }
      versions.set(picture, [...(versions.get(picture) ?? []), version])
      return []
    },
    end: () => [...versions.values()].flatMap(findingsOf),
  }
}

function findingsOf(versions: readonly Version[]): Finding[] {
  const reference = versions.find(({ transform }) => transform === 'none') ?? versions[0]
  if (reference === undefined) return []
  return versions
    .filter(({ transform, digest }) => transform !== 'none' && digest !== reference.digest)
    .map((version) => ({
      check: 'tools',
      ...version.place,
      what: 'transform',
      expected: `the pixels of ${reference.place.where} once ${version.transform} is undone`,
      got: differenceOf({ version, reference }),
    }))
}

function differenceOf({ version, reference }: { version: Version; reference: Version }): string {
  if (version.image?.isDecodable !== true || reference.image?.isDecodable !== true) return 'other pixels'
  if (reference.transform !== 'none') return `other pixels (there, ${reference.transform} was undone)`
  const likely = likelyOrientation({ from: reference.image.thumbnail, to: version.image.thumbnail })
  if (likely === null) return 'another picture'
  return likely.orientation === version.transform
    ? 'other pixels, though the picture lies as it should: it was scaled, or compressed anew'
    : `a picture that looks as after ${likely.orientation}`
}
