import type { ImageInput } from '../vision/image-input.js'

/** Tokens of a conversation that are not computed yet, and their images. */
export interface Beginning {
  /** Tokens before them. */
  readonly past: number
  readonly ids: ArrayLike<number>
  readonly images: readonly ImageInput[]
}

/** Whether two conversations, of which nothing is computed yet, begin with the same tokens and images, so that what is computed of one holds for the other: rollouts of one prompt do. */
export function isSameBeginning(one: Beginning, other: Beginning): boolean {
  if (one.past !== 0 || other.past !== 0) return false
  if (one.ids.length !== other.ids.length || one.images.length !== other.images.length) return false
  for (let at = 0; at < one.ids.length; at++) if (one.ids[at] !== other.ids[at]) return false
  return one.images.every((image, at) => {
    const { patches, grid } = other.images[at] ?? image
    const isShaped = image.grid.height === grid.height && image.grid.width === grid.width
    return isShaped && (image.patches === patches || bytesOf(image.patches).equals(bytesOf(patches)))
  })
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
