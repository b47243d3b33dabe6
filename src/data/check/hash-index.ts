import { hammingDistance, type DifferenceHash } from './difference-hash.js'

const BANDS = 4
const BAND_VALUES = 2 ** 16

/** Hashes among which those near to another one are found without comparing it with all. */
export interface HashIndex {
  /** Takes the next place, from 0. */
  add(hash: DifferenceHash): void
  /** Visit each place whose hash differs in at most `far` bits, once, in no order. */
  near(hash: DifferenceHash, visit: (place: number, distance: number) => void): void
}

/**
 * Multi-index hashing (M. Norouzi, A. Punjani, D. Fleet, "Fast search in Hamming space with multi-index hashing", 2012): of `far` bits that differ, one of four bands of 16 bits has a quarter
 * at most, so whatever is near stands under one of the few values of a band that differ so little. A hash is looked at four times at the most, however much alike all are.
 */
export function createHashIndex({ far }: { far: number }): HashIndex {
  const flips = bandFlips(Math.floor(far / BANDS))
  const hashes: DifferenceHash[] = []
  /** Of each value of each band the latest place, and of each place the one before it: −1 ends a list. */
  const latest = Array.from({ length: BANDS }, () => new Int32Array(BAND_VALUES).fill(-1))
  const before: number[][] = Array.from({ length: BANDS }, () => [])
  /** The search that a place was visited in last. */
  const visited: number[] = []
  let search = 0
  return {
    add(hash) {
      const place = hashes.push(hash) - 1
      visited.push(0)
      for (const [band, value] of bandsOf(hash).entries()) {
        before[band]?.push(latest[band]?.[value] ?? -1)
        latest[band]?.fill(place, value, value + 1)
      }
    },
    near(hash, visit) {
      search++
      for (const [band, value] of bandsOf(hash).entries()) {
        const [heads, previous] = [latest[band], before[band]]
        if (heads === undefined || previous === undefined) continue
        for (const flip of flips) {
          for (let place = heads[value ^ flip] ?? -1; place >= 0; place = previous[place] ?? -1) {
            const found = hashes[place]
            if (found === undefined || visited[place] === search) continue
            const distance = hammingDistance(hash, found)
            if (distance > far) continue
            visited[place] = search
            visit(place, distance)
          }
        }
      }
    },
  }
}

/** Every value of a band with at most so many bits. */
function bandFlips(bits: number): Int32Array {
  const count = (value: number): number => (value === 0 ? 0 : (value & 1) + count(value >>> 1))
  return Int32Array.from(
    Array.from({ length: BAND_VALUES }, (_, value) => value).filter((value) => count(value) <= bits),
  )
}

/** Each band has its bits from all rows and columns of a hash: where a part of the pictures is plain, all of its bits are 0, and a band of them alone would tell nothing. */
function bandsOf([high, low]: DifferenceHash): number[] {
  const bands = [0, 0, 0, 0]
  for (let bit = 0; bit < 64; bit++) {
    const isSet = ((bit < 32 ? high >>> bit : low >>> (bit - 32)) & 1) === 1
    const band = (bit + (bit >>> 3)) % BANDS
    bands[band] = ((bands[band] ?? 0) << 1) | (isSet ? 1 : 0)
  }
  return bands
}
