import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { CHANNELS, type PixelMode } from '../../core/image.js'
import { KeptImage } from './kept-image.js'

test.each<PixelMode>(['L', 'RGB', 'RGBA'])('gives the pixels of its file in mode %s', async (mode) => {
  const channels = CHANNELS[mode] as 1 | 3 | 4
  const pixels = Buffer.from(Array.from({ length: 5 * 4 * channels }, (_, at) => (at * 37) % 251))
  const raw = sharp(pixels, { raw: { width: 5, height: 4, channels } })
  const file = await (mode === 'L' ? raw.toColourspace('b-w') : raw).png().toBuffer()
  const image = new KeptImage({ width: 5, height: 4, mode, sourceMode: mode, file })
  expect(await image.pixels()).toEqual(pixels)
  expect(await image.png()).toBe(file)
})
