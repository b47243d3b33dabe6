import { readFile } from 'node:fs/promises'
import { ImageError } from '../core/errors.js'
import type { ImageSource } from '../core/sandbox.js'

/** The bytes of an image file. @throws ImageError where its path cannot be read. */
export async function readImageSource(image: ImageSource): Promise<Buffer> {
  if (typeof image !== 'string') return image
  try {
    return await readFile(image)
  } catch (cause) {
    throw new ImageError(`${image} cannot be read: ${(cause as Error).message}.`, { cause })
  }
}
