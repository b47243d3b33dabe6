import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { CHANNELS, type PixelMode, type SandboxImage } from '../../core/image.js'
import { encodeView } from './encode-view.js'

/** An image whose pixels follow from their place; noise where no file format could shorten it. */
function imageOf({
  width,
  height,
  mode = 'RGB',
  noise = false,
}: {
  width: number
  height: number
  mode?: PixelMode
  noise?: boolean
}): SandboxImage {
  const channels = CHANNELS[mode]
  const pixels = Buffer.alloc(width * height * channels, 120)
  let state = 1
  if (noise) for (const index of pixels.keys()) pixels[index] = (state = (state * 48271) % 2147483647) % 256
  return {
    ...{ width, height, mode, sourceMode: mode },
    pixels: async () => pixels,
    png: async () =>
      sharp(pixels, { raw: { width, height, channels: channels as 1 | 3 | 4 } })
        .png()
        .toBuffer(),
  }
}

/** Views of a noisy picture, and the bounds that were asked for. */
function noisyViews(mode: PixelMode = 'RGB') {
  const bounds: number[] = []
  const view = async (maxPixels: number): Promise<SandboxImage> => {
    bounds.push(maxPixels)
    const side = Math.floor(Math.sqrt(maxPixels))
    return imageOf({ width: side, height: side, noise: true, mode })
  }
  return { bounds, view }
}

test('what is small enough as PNG is sent without loss', async () => {
  const image = imageOf({ width: 40, height: 30, mode: 'RGBA' })
  const sent = await encodeView({ view: async () => image, maxPixels: 1_000_000, maxBytes: 10_000 })
  expect(sent).toMatchObject({ mimeType: 'image/png', width: 40, height: 30 })
  expect(await sharp(sent.bytes).raw().toBuffer()).toEqual(await image.pixels())
})

test('what is too large as PNG is sent as JPEG of the same size', async () => {
  const { bounds, view } = noisyViews()
  const sent = await encodeView({ view, maxPixels: 40_000, maxBytes: 60_000 })
  expect(sent).toMatchObject({ mimeType: 'image/jpeg', width: 200, height: 200 })
  expect(await sharp(sent.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 200, height: 200 })
  expect(sent.bytes.length).toBeLessThanOrEqual(60_000)
  expect(bounds).toEqual([40_000])
})

test.each(['RGB', 'RGBA', 'L'] as const)('what is too large as JPEG (%s) is made smaller', async (mode) => {
  const { bounds, view } = noisyViews(mode)
  const sent = await encodeView({ view, maxPixels: 40_000, maxBytes: 8_000 })
  expect(sent.bytes.length).toBeLessThanOrEqual(8_000)
  expect(bounds.slice(0, 2)).toEqual([40_000, 20_000])
  const { width, height } = await sharp(sent.bytes).metadata()
  expect([width, height]).toEqual([sent.width, sent.height])
})

test('what is longer than a JPEG can be is made smaller until it is not', async () => {
  const view = async (maxPixels: number): Promise<SandboxImage> => {
    const width = Math.min(66_000, Math.floor(maxPixels / 3))
    return imageOf({ width, height: 3, noise: true })
  }
  const sent = await encodeView({ view, maxPixels: 200_000, maxBytes: 250_000 })
  expect(sent.bytes.length).toBeLessThanOrEqual(250_000)
  expect(sent).toMatchObject({ mimeType: 'image/jpeg', width: 33_000 })
})
