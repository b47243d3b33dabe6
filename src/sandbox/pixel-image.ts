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
  /** The file that was made of it last, while anybody holds it. */
  private made: WeakRef<Buffer> | undefined
  private encoding: Promise<Buffer> | undefined

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
    this.expectPixels()
    return this.exchange.read(this.file, this.width * this.height * CHANNELS[this.mode])
  }

  async png(): Promise<Buffer> {
    this.expectPixels()
    // A turn's file is asked for by its rollout and by its client: encoding takes as long as the call.
    return this.made?.deref() ?? (this.encoding ??= this.encode().finally(() => (this.encoding = undefined)))
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

  private expectPixels(): void {
    if (this.isReleased)
      throw new UsageError(
        'The session of this image is closed, its pixels are gone: read them before session.close().',
      )
  }

  private async encode(): Promise<Buffer> {
    const raw = { width: this.width, height: this.height, channels: CHANNELS[this.mode] as 1 | 3 | 4 }
    const image = sharp(await this.pixels(), { raw, limitInputPixels: false })
    const file = await (this.mode === 'L' ? image.toColourspace('b-w') : image).png().toBuffer()
    this.made = new WeakRef(file)
    return file
  }
}
