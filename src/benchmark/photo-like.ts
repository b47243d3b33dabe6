import sharp from 'sharp'
import { noise } from './noise-image.js'

/** Blurred noise that is laid over each other: its cells, in pixels, and how far it goes from grey; what goes too far is black or white, as skies and shadows are. */
const OCTAVES = [
  { cell: 64, reach: 180 },
  { cell: 16, reach: 90 },
  { cell: 4, reach: 36 },
] as const
const COLOUR = { cell: 64, reach: 20 } as const
/** Of a sensor: how far single pixels go. */
const GRAIN = 3
const CHANNELS = 3

/**
 * A picture that compresses as photographs of its size do: shapes, textures, colours that change slowly, and the grain of a sensor; the same in every run.
 * @param side in pixels
 * @returns its PNG file: of 256², 140 KB
 */
export async function photoLike(side: number): Promise<Buffer> {
  const sums = new Float64Array(side * side * CHANNELS).fill(128)
  const add = ({ bytes, reach, channels }: { bytes: Buffer; reach: number; channels: 1 | 3 }): void =>
    sums.forEach((_, at) => {
      const value = bytes[channels === 1 ? Math.floor(at / CHANNELS) : at] ?? 128
      sums[at] = (sums[at] ?? 0) + ((value - 128) / 128) * reach
    })
  for (const { cell, reach } of OCTAVES)
    add({ bytes: await blurred({ side, cell, channels: 1 }), reach, channels: 1 })
  add({
    bytes: await blurred({ side, cell: COLOUR.cell, channels: 3 }),
    reach: COLOUR.reach,
    channels: 3,
  })
  add({ bytes: noise(side * side), reach: GRAIN, channels: 1 })
  const pixels = Buffer.from(Uint8ClampedArray.from(sums))
  return sharp(pixels, { raw: { width: side, height: side, channels: CHANNELS } })
    .png()
    .toBuffer()
}

async function blurred({
  side,
  cell,
  channels,
}: {
  side: number
  cell: number
  channels: 1 | 3
}): Promise<Buffer> {
  const cells = Math.ceil(side / cell) + 1
  const coarse = noise(cells * cells * channels, cell + channels)
  return sharp(coarse, { raw: { width: cells, height: cells, channels } })
    .resize(side, side, { kernel: 'cubic' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer()
}
