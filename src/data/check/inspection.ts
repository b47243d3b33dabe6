import type { Thumbnail } from './thumbnail.js'

/** What is kept of an image after it was decoded: a little more than a kilobyte. */
export type Inspection = DecodedImage | UndecodableImage

export interface DecodedImage {
  isDecodable: true
  /** Pixels as they are stored: EXIF orientation is not applied. */
  width: number
  height: number
  thumbnail: Thumbnail
}

export interface UndecodableImage {
  isDecodable: false
  reason: string
}
