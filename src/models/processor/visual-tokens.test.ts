import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { processImage } from './process-image.js'
import { visualTokens } from './visual-tokens.js'

const CONFIG = {
  ...{ patchSize: 14, temporalPatchSize: 2, mergeSize: 2, minPixels: 56 * 56, maxPixels: 28 * 28 * 20 },
  ...{ scale: 1 / 255, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
} as Parameters<typeof processImage>[0]['config']

test.each([
  [56, 56],
  [10, 90],
  [200, 131],
  [700, 30],
])('%d × %d pixels become as many tokens as were predicted', async (width, height) => {
  const bytes = await sharp({ create: { width, height, channels: 3, background: '#456' } })
    .png()
    .toBuffer()
  expect((await processImage({ bytes, config: CONFIG })).tokens).toBe(
    visualTokens({ width, height, config: CONFIG }),
  )
})
