import { expect, test } from '@jest/globals'
import { createRandom } from '../demo/random.js'
import { hammingDistance, type DifferenceHash } from './difference-hash.js'
import { createHashIndex } from './hash-index.js'

const FAR = 10

/** A hash that differs from another in exactly so many bits. */
function changed([high, low]: DifferenceHash, bits: readonly number[]): DifferenceHash {
  return bits.reduce<DifferenceHash>(
    ([h, l], bit) => (bit < 32 ? [h ^ (1 << bit), l] : [h, l ^ (1 << (bit - 32))]),
    [high, low],
  )
}

test('whatever is near is visited once with its distance, and nothing that is far, as if each were compared', () => {
  const random = createRandom({ seed: 'hashes' })
  const word = (): number => random.integer(0, 2 ** 32 - 1) | 0
  const hashes: DifferenceHash[] = Array.from({ length: 400 }, () => [word(), word()])
  const bits = Array.from({ length: 64 }, (_, bit) => bit)
  // Copies in which 0 to 20 bits differ, wherever they are: with 10, each band may have its share.
  for (let count = 0; count <= 20; count++)
    for (let copy = 0; copy < 20; copy++)
      hashes.push(changed(random.pick(hashes.slice(0, 400)), random.shuffle(bits).slice(0, count)))
  // Pictures that are plain in part: most bits are 0.
  for (let plain = 0; plain < 50; plain++)
    hashes.push(changed([0, 0], random.shuffle(bits).slice(0, random.integer(0, 8))))
  const index = createHashIndex({ far: FAR })
  for (const hash of hashes) index.add(hash)
  let pairs = 0
  for (const hash of hashes) {
    const visited: [number, number][] = []
    index.near(hash, (place, distance) => visited.push([place, distance]))
    const expected = hashes
      .map((other, place): [number, number] => [place, hammingDistance(hash, other)])
      .filter(([, distance]) => distance <= FAR)
    expect(visited.sort(([a], [b]) => a - b)).toEqual(expected)
    pairs += expected.length
  }
  expect(pairs).toBeGreaterThan(2_000)
})

test('an index without hashes finds nothing', () => {
  const visited: number[] = []
  createHashIndex({ far: FAR }).near([0, 0], (place) => visited.push(place))
  expect(visited).toEqual([])
})
