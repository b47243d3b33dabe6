import sharp from 'sharp'
import { UsageError } from '../core/errors.js'
import { CHANNELS, type PixelMode, type SandboxImage } from '../core/image.js'
import type { ExchangeDirectory } from './exchange-directory.js'

export interface PixelImageParameters {
  exchange: ExchangeDirectory
  /** File of the exchange directory that holds the pixels. */
  file: string
  width: number
  height: number
  mode: PixelMode
  sourceMode: string
}

/** An image whose pixels lie in an exchange directory until its session is closed. */
export class PixelImage implements SandboxImage {
  readonly width: number
  readonly height: number
  readonly mode: PixelMode
  readonly sourceMode: string
  readonly file: string
  private readonly exchange: ExchangeDirectory
  private isReleased = false

  constructor({ exchange, file, width, height, mode, sourceMode }: PixelImageParameters) {
    this.exchange = exchange
    this.file = file
    this.width = width
    this.height = height
    this.mode = mode
    this.sourceMode = sourceMode
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

  /** Give the pixels back to the system. */
  async release(): Promise<void> {
    this.isReleased = true
    await this.exchange.remove(this.file)
  }
}
