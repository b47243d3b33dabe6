import { expect, test } from '@jest/globals'
import { byteLevels } from './byte-levels.js'
import { normalisePatches } from './normalise-patches.js'
import { pixelPatches } from './pixel-patches.js'

const CONFIG = {
  ...{ patchSize: 2, mergeSize: 2, temporalPatchSize: 2, scale: 1 / 255 },
  ...{ mean: [0.5, 0.25, 0], deviation: [0.5, 0.25, 1] },
}

test('patches lie merge block by merge block, channel by channel, and a byte becomes what scale, mean and deviation make of it', () => {
  // 8 × 4 pixels: channel c of pixel p is 3p + c.
  const image = Uint8Array.from({ length: 8 * 4 * 3 }, (_, at) => at)
  const { pixels, grid } = pixelPatches({ ...CONFIG, pixels: image, width: 8, height: 4 })
  expect(grid).toEqual({ height: 2, width: 4 })
  // Of the first channel, the pixels at the upper left of each patch.
  const corners = Array.from({ length: 8 }, (_, patch) => (pixels[patch * 12] ?? NaN) / 3)
  expect(corners).toEqual([0, 2, 16, 18, 4, 6, 20, 22])
  expect([...pixels.subarray(0, 12)]).toEqual([0, 3, 24, 27, 1, 4, 25, 28, 2, 5, 26, 29])
  const patches = normalisePatches({ pixels, config: CONFIG })
  const [red, green, blue] = [
    [0, 3, 24, 27].map((byte) => Math.fround((byte / 255 - 0.5) / 0.5)),
    [1, 4, 25, 28].map((byte) => Math.fround((byte / 255 - 0.25) / 0.25)),
    [2, 5, 26, 29].map((byte) => Math.fround(byte / 255)),
  ]
  expect(patches).toHaveLength(8 * 24)
  for (const [at, value] of [red, red, green, green, blue, blue].flat().entries())
    expect(patches[at]).toBeCloseTo(value ?? NaN, 6)
})

test('what is looked up by channel and byte is what patches hold, bit for bit', () => {
  const pixels = Uint8Array.from({ length: 3 * 256 * 4 }, (_, at) => (at * 7) % 256)
  const levels = byteLevels(CONFIG)
  const patches = normalisePatches({ pixels, config: CONFIG })
  const looked = Float32Array.from(pixels, (byte, at) => levels[(Math.floor(at / 4) % 3) * 256 + byte] ?? NaN)
  const once = patches.filter((_, at) => at % 8 < 4)
  expect(Buffer.from(once.buffer).equals(Buffer.from(looked.buffer))).toBe(true)
})
