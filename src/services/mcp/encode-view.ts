import sharp from 'sharp'
import { CHANNELS, type SandboxImage } from '../../core/image.js'

/** A picture as it goes to the client. */
export interface EncodedView {
  bytes: Buffer
  mimeType: 'image/png' | 'image/jpeg'
  width: number
  height: number
}

export interface EncodeViewParameters {
  /** The image within a bound of width × height. */
  view: (maxPixels: number) => Promise<SandboxImage>
  maxPixels: number
  /** Largest file. */
  maxBytes: number
}

const JPEG_QUALITIES = [92, 80, 65] as const
/** What the format can write. */
const LONGEST_JPEG_SIDE = 65_535
/** Smaller than that it is not made, whatever it weighs: a picture of that many pixels is below 3 KB. */
const SMALLEST_PIXELS = 784

/** An image as a file that is small enough: PNG if that fits, else JPEG, else smaller by half its pixels, and so on. */
export async function encodeView({ view, maxPixels, maxBytes }: EncodeViewParameters): Promise<EncodedView> {
  for (let pixels = maxPixels; ;) {
    const image = await view(pixels)
    const { width, height } = image
    const png = await image.png()
    const isSmallest = width * height <= SMALLEST_PIXELS
    if (png.length <= maxBytes || isSmallest) return { bytes: png, mimeType: 'image/png', width, height }
    for (const quality of Math.max(width, height) > LONGEST_JPEG_SIDE ? [] : JPEG_QUALITIES) {
      const jpeg = await toJpeg(image, quality)
      if (jpeg.length <= maxBytes) return { bytes: jpeg, mimeType: 'image/jpeg', width, height }
    }
    pixels = Math.max(SMALLEST_PIXELS, Math.floor((width * height) / 2))
  }
}

async function toJpeg(image: SandboxImage, quality: number): Promise<Buffer> {
  const { width, height, mode } = image
  const raw = { width, height, channels: CHANNELS[mode] as 1 | 3 | 4 }
  return sharp(await image.pixels(), { raw, limitInputPixels: false })
    .flatten({ background: 'white' })
    .jpeg({ quality })
    .toBuffer()
}
