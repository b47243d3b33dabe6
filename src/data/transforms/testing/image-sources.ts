import sharp from 'sharp'
import type { Random } from '../../demo/random.js'

/** Kinds of image file whose pixels must survive; each draws a file of the given size with random samples. */
export const IMAGE_SOURCES = {
  'grey of 8 bits': (drawn: Drawn) => bytesFile({ ...drawn, channels: 1 }),
  'grey with alpha': (drawn: Drawn) => bytesFile({ ...drawn, channels: 2 }),
  'RGB of 8 bits': (drawn: Drawn) => bytesFile({ ...drawn, channels: 3 }),
  'RGB with alpha': (drawn: Drawn) => bytesFile({ ...drawn, channels: 4 }),
  'grey of 16 bits': (drawn: Drawn) => wordsFile({ ...drawn, channels: 1 }),
  'RGB of 16 bits': (drawn: Drawn) => wordsFile({ ...drawn, channels: 3 }),
  'RGB with alpha of 16 bits': (drawn: Drawn) => wordsFile({ ...drawn, channels: 4 }),
  'a palette': (drawn: Drawn) => paletteFile(drawn),
  JPEG: ({ random, width, height }: Drawn) =>
    sharp(samples({ random, count: width * height * 3, below: 256 }), { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer(),
} as const

export interface Drawn {
  random: Random
  width: number
  height: number
}

function samples({ random, count, below }: { random: Random; count: number; below: number }): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.integer(0, below - 1))
}

function bytesFile({
  random,
  width,
  height,
  channels,
}: Drawn & { channels: 1 | 2 | 3 | 4 }): Promise<Buffer> {
  const data = samples({ random, count: width * height * channels, below: 256 })
  return sharp(data, { raw: { width, height, channels } })
    .toColourspace(channels < 3 ? 'b-w' : 'srgb')
    .png()
    .toBuffer()
}

function wordsFile({ random, width, height, channels }: Drawn & { channels: 1 | 3 | 4 }): Promise<Buffer> {
  const data = Uint16Array.from({ length: width * height * channels }, () => random.integer(0, 65_535))
  return sharp(data, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
    .png()
    .toBuffer()
}

/** Few colours, so that the encoder keeps each as it is. */
function paletteFile({ random, width, height }: Drawn): Promise<Buffer> {
  const colours = Array.from({ length: 4 }, () => [...samples({ random, count: 3, below: 256 })])
  const data = Uint8Array.from(Array.from({ length: width * height }, () => random.pick(colours)).flat())
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ palette: true, dither: 0 })
    .toBuffer()
}
