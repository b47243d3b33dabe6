/** The modes in which a pixel buffer leaves the sandbox. */
export type PixelMode = 'RGB' | 'RGBA' | 'L'

export const CHANNELS: Readonly<Record<PixelMode, number>> = { L: 1, RGB: 3, RGBA: 4 }

/** An image of a session: raw pixels now, an encoded file on demand. */
export interface SandboxImage {
  readonly width: number
  readonly height: number
  /** Mode of the delivered pixels. */
  readonly mode: PixelMode
  /** Mode the code (or the file) really had, as PIL names it, such as `P` or `I;16`. */
  readonly sourceMode: string
  /** It was decoded from a file that holds further frames or pages; this is the first. */
  readonly isAnimated?: boolean
  /** Raw pixels, row by row: width × height × channels bytes. */
  pixels(): Promise<Buffer>
  /** The same pixels as a PNG file. It may be the one that others were given: not to be written into. */
  png(): Promise<Buffer>
}

/** Bytes that its pixels take. */
export function pixelBytes({ width, height, mode }: Pick<SandboxImage, 'width' | 'height' | 'mode'>): number {
  return width * height * CHANNELS[mode]
}

/** An image as a record of a run: the file is `images/<sha256>.png` of the run folder. */
export interface ImageRecord {
  /** SHA-256 of the PNG file, hexadecimal. */
  sha256: string
  width: number
  height: number
}

/** An encoded image that can be read when it is needed. */
export interface EncodedImage {
  readonly sha256: string
  readonly width: number
  readonly height: number
  readonly mediaType: 'image/png' | 'image/jpeg'
  read(): Promise<Buffer>
}
