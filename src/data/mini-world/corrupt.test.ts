import { expect, test } from '@jest/globals'
import { createRandom } from '../demo/random.js'
import type { PixelImage } from '../transforms/transform-pixels.js'
import { corrupt } from './corrupt.js'
import type { Corruption } from './vocabulary.js'

/** Left half black, right half white. */
const image: PixelImage = {
  width: 60,
  height: 40,
  channels: 3,
  data: Uint8Array.from({ length: 60 * 40 * 3 }, (_, at) => (Math.floor(at / 3) % 60 < 30 ? 0 : 255)),
}
const spoilt = (corruption: Corruption): Promise<PixelImage> =>
  corrupt({ image, corruption, cap: 20, random: createRandom({ seed: 'corrupt' }) })
const changed = ({ data }: PixelImage): number =>
  data.filter((level, at) => level !== image.data[at]).length / data.length

test('noise turns some pixels black or white and leaves the others alone', async () => {
  const noisy = await spoilt('noise')
  expect(new Set(noisy.data)).toEqual(new Set([0, 255]))
  // 8 to 14 % are drawn, half of them have that colour already.
  expect(changed(noisy)).toBeGreaterThan(0.025)
  expect(changed(noisy)).toBeLessThan(0.08)
})

test('low contrast leaves 6 to 12 % of it and the order of the levels', async () => {
  const { data } = await spoilt('low-contrast')
  const [dark = 0, light = 0] = [...new Set(data)].sort((a, b) => a - b)
  expect(light - dark).toBeGreaterThanOrEqual(15)
  expect(light - dark).toBeLessThanOrEqual(31)
  expect(data[0]).toBe(dark)
})

test('blur changes what is near an edge and nothing else', async () => {
  const { data, width } = await spoilt('blur')
  const row = data.filter((_, at) => at % 3 === 0).slice(0, width)
  expect(row[5]).toBe(0)
  // The blur reckons in whole numbers and loses a level or two of white.
  expect(row[width - 5]).toBeGreaterThanOrEqual(252)
  expect(row[29]).toBeGreaterThan(0)
  expect(row[30]).toBeLessThan(255)
})

test('the picture itself stays as it was', async () => {
  const before = Buffer.from(image.data)
  for (const corruption of ['noise', 'blur', 'low-contrast'] as const) await spoilt(corruption)
  expect(Buffer.from(image.data).equals(before)).toBe(true)
})
