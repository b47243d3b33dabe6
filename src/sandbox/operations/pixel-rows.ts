import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { SandboxError } from '../../core/errors.js'
import { CHANNELS, type PixelMode } from '../../core/image.js'

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Rows are cut from pieces of memory that are used again, since touching new memory costs more than reading a row. */
const ARENA_BYTES = 1 << 19
const MOST_SPARE_ARENAS = 4
const SPARE_ARENAS: Uint8Array[] = []

export interface PixelFile {
  path: string
  mode: PixelMode
  width: number
  height: number
}

/**
 * Rows of raw pixels, read when they are looked at. Reading is synchronous: the file lies in memory, a row costs about a microsecond, and a few hundred
 * rows are all that anybody asks for.
 */
export class PixelRows {
  readonly width: number
  readonly height: number
  readonly mode: PixelMode
  readonly channels: number
  private readonly descriptor: number
  private readonly rows: (Uint8Array | undefined)[] = []
  private readonly arena: Uint8Array
  private used = 0

  /** @throws SandboxError where the file is not what was announced. */
  constructor({ path, mode, width, height }: PixelFile) {
    this.mode = mode
    this.width = width
    this.height = height
    this.channels = CHANNELS[mode]
    this.descriptor = openFile(path)
    this.arena = SPARE_ARENAS.pop() ?? Buffer.allocUnsafeSlow(ARENA_BYTES)
    const status = fstatSync(this.descriptor)
    const bytes = width * height * this.channels
    if (status.isFile() && status.size === bytes) return
    this.close()
    throw new SandboxError(
      `Pixels could not be read from ${path}: expected ${bytes} bytes, got ${status.size}.`,
    )
  }

  row(y: number): Uint8Array {
    const known = this.rows[y]
    if (known) return known
    const stride = this.width * this.channels
    const end = this.used + stride
    const row = end <= this.arena.length ? this.arena.subarray(this.used, end) : new Uint8Array(stride)
    this.used = end
    if (readSync(this.descriptor, row, 0, stride, y * stride) !== stride)
      throw new SandboxError(`Row ${y} of an image of the sandbox could not be read.`)
    this.rows[y] = row
    return row
  }

  /** All pixels, row by row. */
  all(): Buffer {
    const bytes = Buffer.allocUnsafe(this.width * this.height * this.channels)
    for (let offset = 0; offset < bytes.length;) {
      const read = readSync(this.descriptor, bytes, offset, bytes.length - offset, offset)
      if (read === 0) throw new SandboxError('An image of the sandbox ended before its last row.')
      offset += read
    }
    return bytes
  }

  /** One pixel; see {@link pixelAt}. */
  pixel(x: number, y: number): number {
    return pixelAt(this.row(y), x, this.channels)
  }

  /** Rows that were given out may change from now on. */
  close(): void {
    closeSync(this.descriptor)
    if (SPARE_ARENAS.length < MOST_SPARE_ARENAS) SPARE_ARENAS.push(this.arena)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, READ)
  } catch (cause) {
    throw new SandboxError(`Pixels could not be read from ${path}: ${(cause as Error).message}`, { cause })
  }
}

/** One pixel of a row as red, green, blue and alpha in one number; grey is red = green = blue. */
export function pixelAt(row: Uint8Array, x: number, channels: number): number {
  const at = x * channels
  const first = row[at] ?? 0
  if (channels === 1) return ((first << 24) | (first << 16) | (first << 8) | 255) >>> 0
  const alpha = channels === 4 ? (row[at + 3] ?? 0) : 255
  return ((first << 24) | ((row[at + 1] ?? 0) << 16) | ((row[at + 2] ?? 0) << 8) | alpha) >>> 0
}

/** A pixel laid over white, as a call is given an image that has transparency. */
export function overWhite(pixel: number): number {
  const alpha = pixel & 255
  if (alpha === 255) return pixel
  const blend = (shift: number): number => {
    const value = (pixel >>> shift) & 255
    return Math.round(255 + ((value - 255) * alpha) / 255)
  }
  return (blend(24) * 0x1000000 + blend(16) * 0x10000 + blend(8) * 0x100 + 255) >>> 0
}
