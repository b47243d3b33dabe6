import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { createProcessedImages } from './processed-images.js'

const CONFIG = {
  patchSize: 4,
  mergeSize: 2,
  temporalPatchSize: 2,
  minPixels: 64,
  maxPixels: 1024,
  scale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
}
/** Of 16 × 16 pixels: channels, twice, as float32, and once as bytes. */
const BYTES = 16 * 16 * 3 * (2 * 4 + 1)

function files(): { read: () => Promise<Buffer>; count: () => number } {
  let count = 0
  return {
    count: () => count,
    read: () => {
      count++
      return sharp({ create: { width: 16, height: 16, channels: 3, background: '#123456' } })
        .png()
        .toBuffer()
    },
  }
}

test('an image is processed once, also for those who ask at the same time, as long as there is room for it', async () => {
  const { read, count } = files()
  const process = createProcessedImages({ config: CONFIG, bytes: 2 * BYTES })
  const [first, second] = await Promise.all([process({ sha256: 'a', read }), process({ sha256: 'a', read })])
  expect(second).toBe(first)
  await process({ sha256: 'b', read })
  await process({ sha256: 'a', read })
  expect(count()).toBe(2)
  // The longest unused one goes: b.
  await process({ sha256: 'c', read })
  await process({ sha256: 'a', read })
  expect(count()).toBe(3)
  await process({ sha256: 'b', read })
  expect(count()).toBe(4)
})

test('one that cannot be read is asked for again', async () => {
  const { read } = files()
  const process = createProcessedImages({ config: CONFIG, bytes: BYTES })
  await expect(process({ sha256: 'a', read: () => Promise.reject(new Error('gone')) })).rejects.toThrow(
    'gone',
  )
  expect((await process({ sha256: 'a', read })).grid).toEqual({ height: 4, width: 4 })
})
