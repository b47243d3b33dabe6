import { expect, test } from '@jest/globals'
import { createRandom } from '../demo/random.js'
import { correlation } from './correlation.js'
import { areUnlike, greyScaleOf } from './grey-scale.js'
import { THUMBNAIL_SIDE } from './thumbnail.js'

const random = createRandom({ seed: 'levels' })
const levels = (make: (at: number) => number): Uint8Array =>
  Uint8Array.from({ length: THUMBNAIL_SIDE ** 2 }, (_, at) => Math.round(make(at)))

test('thumbnails are unlike exactly where their correlation is below the limit, by whatever little', () => {
  const base = levels(() => random.integer(0, 200))
  let likely = 0
  for (let noise = 0; noise <= 60; noise++) {
    const other = levels((at) => (base[at] ?? 0) * 0.7 + random.integer(0, noise))
    for (const least of [0.9, 0.98, correlation(base, other) - 1e-4, correlation(base, other) + 1e-4]) {
      const isUnlike = areUnlike({
        a: base,
        b: other,
        scaleOfA: greyScaleOf(base),
        scaleOfB: greyScaleOf(other),
        least,
      })
      expect(isUnlike).toBe(correlation(base, other) < least)
      if (!isUnlike) likely++
    }
  }
  expect(likely).toBeGreaterThan(61)
})

test('a plain thumbnail is unlike any, itself included', () => {
  const plain = levels(() => 200 + random.integer(0, 1))
  const scale = greyScaleOf(plain)
  expect(scale.scale).toBe(0)
  expect(areUnlike({ a: plain, b: plain, scaleOfA: scale, scaleOfB: scale, least: 0.98 })).toBe(true)
})
