import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { DataError } from '../core/errors.js'
import type { EncodedImage } from '../core/image.js'
import { fileChecksum } from '../data/cache/file-checksum.js'

/** An image file before its pixels are decoded. */
export interface ImageFacts {
  /** Of the file. */
  readonly sha256: string
  readonly width: number
  readonly height: number
}

/** What an image file says of itself; its checksum is found once, as long as the file stays as it is. @throws DataError where it cannot be read, or is no image. */
export async function imageFacts(path: string): Promise<ImageFacts> {
  const sha256 = await fileChecksum(path).catch(unreadable(path))
  const { width, height } = await sharp(path, UNLIMITED).metadata().catch(undecodable(path))
  return { sha256, width, height }
}

/** Size in which an image is shown: its own, or within `maxPixels` (width × height) with the aspect kept. */
export function shownSize({
  width,
  height,
  maxPixels,
}: {
  width: number
  height: number
  maxPixels: number
}): { width: number; height: number } {
  const scale = Math.sqrt(maxPixels / (width * height))
  if (scale >= 1) return { width, height }
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) }
}

/** An image file as it is shown; PNG and JPEG files within the bound are taken as they are. @throws DataError where it cannot be read or decoded. */
export async function shownImage({
  path,
  maxPixels,
}: {
  path: string
  maxPixels: number
}): Promise<EncodedImage> {
  const bytes = await readFile(path).catch(unreadable(path))
  const { width, height, format } = await sharp(bytes, UNLIMITED).metadata().catch(undecodable(path))
  const to = shownSize({ width, height, maxPixels })
  if (to.width === width && to.height === height && (format === 'png' || format === 'jpeg'))
    return encoded({ bytes, width, height, mediaType: `image/${format}` })
  const { data, info } = await sharp(bytes, UNLIMITED)
    .resize({ ...to, fit: 'fill', kernel: 'lanczos3' })
    .png()
    .toBuffer({ resolveWithObject: true })
    .catch(undecodable(path))
  return encoded({ bytes: data, width: info.width, height: info.height, mediaType: 'image/png' })
}

const UNLIMITED = { limitInputPixels: false } as const

const unreadable = (path: string) => (cause: unknown) => {
  throw new DataError(`expected an image file at ${path}; ${String(cause)}`, { cause })
}

const undecodable = (path: string) => (cause: unknown) => {
  throw new DataError(`${path}: expected an image that can be decoded; ${String(cause)}`, { cause })
}

function encoded({
  bytes,
  ...image
}: Omit<EncodedImage, 'sha256' | 'read'> & { bytes: Buffer }): EncodedImage {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { ...image, sha256, read: () => Promise.resolve(bytes) }
}
