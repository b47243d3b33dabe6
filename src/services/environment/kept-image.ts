import sharp from 'sharp'
import type { PixelMode, SandboxImage } from '../../core/image.js'

export interface KeptImageParameters {
  width: number
  height: number
  mode: PixelMode
  sourceMode: string
  /** Its PNG file. */
  file: Buffer
}

/** An image whose session is closed, as the file that was made of it before. */
export class KeptImage implements SandboxImage {
  readonly width: number
  readonly height: number
  readonly mode: PixelMode
  readonly sourceMode: string
  private readonly file: Buffer

  constructor({ width, height, mode, sourceMode, file }: KeptImageParameters) {
    this.width = width
    this.height = height
    this.mode = mode
    this.sourceMode = sourceMode
    this.file = file
  }

  async pixels(): Promise<Buffer> {
    const image = sharp(this.file, { limitInputPixels: false })
    return (this.mode === 'L' ? image.toColourspace('b-w') : image).raw().toBuffer()
  }

  async png(): Promise<Buffer> {
    return this.file
  }
}
