import sharp from 'sharp'
import type { Random } from '../demo/random.js'
import type { PixelImage } from '../transforms/transform-pixels.js'
import type { Corruption } from './vocabulary.js'

/**
 * Spoil a picture so that it can still be read with more effort: noise (8 to 14 % of the pixels black or white: a median filter removes it), blur (standard deviation
 * 0.12 to 0.17 of the height of the text in question: sharpening helps), low contrast (6 to 12 % of it are left, lighter or darker: autocontrast restores it).
 */
export async function corrupt({
  image,
  corruption,
  cap,
  random,
}: {
  image: PixelImage
  corruption: Corruption
  /** Height of the capitals in question, in pixels. */
  cap: number
  random: Random
}): Promise<PixelImage> {
  switch (corruption) {
    case 'noise':
      return withNoise({ image, share: random.integer(80, 140) / 1000, random })
    case 'blur':
      return blurred({ image, sigma: (cap * random.integer(120, 170)) / 1000 })
    case 'low-contrast':
      return flattened({ image, kept: random.integer(60, 120) / 1000, middle: random.integer(90, 165) })
  }
}

function withNoise({
  image: { data, width, height, channels },
  share,
  random,
}: {
  image: PixelImage
  share: number
  random: Random
}): PixelImage {
  const noisy = Uint8Array.from(data)
  const spoilt = Math.round(width * height * share)
  for (let count = 0; count < spoilt; count++) {
    const at = random.integer(0, width * height - 1) * channels
    noisy.fill(random.integer(0, 1) * 255, at, at + channels)
  }
  return { data: noisy, width, height, channels }
}

async function blurred({ image, sigma }: { image: PixelImage; sigma: number }): Promise<PixelImage> {
  const { data, width, height, channels } = image
  const blur = sharp(data, { raw: { width, height, channels } }).blur(Math.max(0.5, sigma))
  return { data: await blur.raw().toBuffer(), width, height, channels }
}

function flattened({
  image: { data, ...rest },
  kept,
  middle,
}: {
  image: PixelImage
  kept: number
  middle: number
}): PixelImage {
  const levels = Uint8Array.from({ length: 256 }, (_, level) => Math.round(middle + (level - 128) * kept))
  const flat = new Uint8Array(data.length)
  // A callback for each of millions of samples would take longer than drawing them.
  for (let at = 0; at < data.length; at++) flat[at] = levels[data[at] ?? 0] ?? 0
  return { data: flat, ...rest }
}
