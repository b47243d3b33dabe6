import { readdir } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import sharp from 'sharp'
import { UsageError } from '../../core/errors.js'
import type { ImageProblem } from './tally.js'

/** The first that is there is taken. */
const EXTENSIONS = ['.jpg', '.jpeg', '.png']

export interface ImageFolder {
  /** The file of an image; null if there is none. */
  find(imageId: string): string | null
}

/**
 * The images of a folder by their names without extension.
 * @throws UsageError when there is no such folder or it holds no JPEG or PNG file.
 */
export async function openImageFolder(folder: string): Promise<ImageFolder> {
  const path = resolve(folder)
  const names = await readdir(path).catch((cause: unknown) => {
    throw new UsageError(`${path}: expected the folder of the images; ${String(cause)}`, { cause })
  })
  const files = new Map<string, string>()
  for (const extension of EXTENSIONS) {
    for (const name of names.sort()) {
      const own = extname(name)
      const id = name.slice(0, name.length - own.length)
      if (own.toLowerCase() === extension && !files.has(id)) files.set(id, join(path, name))
    }
  }
  if (files.size === 0) {
    throw new UsageError(
      `${path}: expected images named <image_id>.jpg (or .png), found none; unpack HierText's images there`,
    )
  }
  return { find: (imageId) => files.get(imageId) ?? null }
}

/** Whether boxes of the annotations hold for the pixels of a file; only its header is read. */
export async function imageProblem({
  path,
  width,
  height,
}: {
  path: string
  width: number
  height: number
}): Promise<ImageProblem | null> {
  const header = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => null)
  if (header === null) return 'image file cannot be read'
  if (header.space === 'cmyk' || (header.pages ?? 1) > 1) return 'CMYK or several frames'
  // Readers disagree on whether to follow the tag, so nobody could say what the image's orientation is.
  if ((header.orientation ?? 1) !== 1) return 'turned by an EXIF tag'
  return header.width === width && header.height === height ? null : 'size differs from the annotations'
}
