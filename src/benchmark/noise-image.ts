import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** A square of pixels that repeat nowhere, the same in every run. */
export interface NoiseImage {
  side: number
  /** Path of the raw RGB pixels. */
  raw: string
  png: Buffer
}

/** Images of the benchmark in a folder of memory, which is removed by `remove`. */
export class NoiseImages {
  readonly folder: string
  private readonly made = new Map<number, Promise<NoiseImage>>()

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<NoiseImages> {
    return new NoiseImages(await mkdtemp('/dev/shm/codevision-bench-'))
  }

  get(side: number): Promise<NoiseImage> {
    const made = this.made.get(side) ?? this.make(side)
    this.made.set(side, made)
    return made
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  private async make(side: number): Promise<NoiseImage> {
    const pixels = noise(side * side * 3)
    const raw = join(this.folder, `image-${side}.rgb`)
    await writeFile(raw, pixels, { mode: 0o644 })
    const png = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    return { side, raw, png }
  }
}

/** Bytes of a multiplicative generator (Park and Miller's). */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let index = 0; index < length; index += 1) {
    state = (state * 48_271) % 2_147_483_647
    bytes[index] = state >> 16
  }
  return bytes
}
