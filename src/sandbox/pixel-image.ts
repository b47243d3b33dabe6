import { join } from 'node:path'
import sharp from 'sharp'
import { UsageError } from '../core/errors.js'
import { CHANNELS, type PixelMode, type SandboxImage } from '../core/image.js'
import type { ExchangeDirectory } from './exchange-directory.js'
import type { PixelFile } from './operations/pixel-rows.js'

export interface PixelImageParameters {
  exchange: ExchangeDirectory
  /** File of the exchange directory that holds the pixels. */
  file: string
  width: number
  height: number
  mode: PixelMode
  sourceMode: string
  isAnimated: boolean
  /** Who removes the file in the end; held, so that a session is not collected while one of its images is in use. */
  session: object
}

/** An image whose pixels lie in an exchange directory until its session is closed. */
export class PixelImage implements SandboxImage {
  readonly width: number
  readonly height: number
  readonly mode: PixelMode
  readonly sourceMode: string
  readonly isAnimated: boolean
  readonly file: string
  private readonly exchange: ExchangeDirectory
  readonly session: object
  private isReleased = false

  constructor({
    exchange,
    file,
    width,
    height,
    mode,
    sourceMode,
    isAnimated,
    session,
  }: PixelImageParameters) {
    this.exchange = exchange
    this.file = file
    this.width = width
    this.height = height
    this.mode = mode
    this.sourceMode = sourceMode
    this.isAnimated = isAnimated
    this.session = session
  }

  async pixels(): Promise<Buffer> {
    if (this.isReleased)
      throw new UsageError(
        'The session of this image is closed, its pixels are gone: read them before session.close().',
      )
    return this.exchange.read(this.file, this.width * this.height * CHANNELS[this.mode])
  }

  async png(): Promise<Buffer> {
    const raw = { width: this.width, height: this.height, channels: CHANNELS[this.mode] as 1 | 3 | 4 }
    const image = sharp(await this.pixels(), { raw, limitInputPixels: false })
    return (this.mode === 'L' ? image.toColourspace('b-w') : image).png().toBuffer()
  }

  /** Where its pixels are, for those that look at a part of them. */
  get pixelFile(): PixelFile {
    const { mode, width, height } = this
    return { path: join(this.exchange.path, this.file), mode, width, height }
  }

  /** The file is about to be removed. */
  release(): void {
    this.isReleased = true
  }
}
