import { constants, existsSync } from 'node:fs'
import { chown, mkdtemp, open, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SandboxError } from '../core/errors.js'
import { ownPrefix, removeAbandonedDirectories } from './abandoned-directories.js'

/**
 * The folder through which pixels cross between us and one host: memory-backed where the system has /dev/shm. The other side is treated as hostile:
 * files are opened without following links and checked against the size that was announced.
 */
export class ExchangeDirectory {
  readonly path: string
  private readonly isOurs: boolean
  private readonly owner: number | undefined
  private counter = 0

  private constructor(path: string, isOurs: boolean, owner: number | undefined) {
    this.path = path
    this.isOurs = isOurs
    this.owner = owner
  }

  /** @param owner user id that must be able to read and write here. */
  static async create({ owner }: { owner: number | undefined }): Promise<ExchangeDirectory> {
    const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
    await removeAbandonedDirectories(parent)
    const path = await mkdtemp(join(parent, ownPrefix()))
    if (owner !== undefined) await chown(path, owner, owner)
    return new ExchangeDirectory(path, true, owner)
  }

  /** Use a folder that belongs to a running host. */
  static existing(path: string): ExchangeDirectory {
    return new ExchangeDirectory(path, false, undefined)
  }

  /** A file name that was never used in this folder. */
  newName(kind: 'file' | 'pixels'): string {
    this.counter += 1
    return `${kind}-${process.pid}-${this.counter}`
  }

  async write(name: string, data: Buffer): Promise<void> {
    const path = join(this.path, name)
    try {
      await writeFile(path, data, { flag: 'wx', mode: 0o644 })
      if (this.owner !== undefined) await chown(path, this.owner, this.owner)
    } catch (cause) {
      throw new SandboxError(
        `The exchange directory ${this.path} could not be written (${(cause as Error).message}).`,
        { cause, isRetryable: isFull(cause) },
      )
    }
  }

  /** Read a file of exactly `size` bytes. @throws SandboxError when it is not that. */
  async read(name: string, size: number): Promise<Buffer> {
    const path = join(this.path, name)
    let file
    try {
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
      const status = await file.stat()
      if (!status.isFile() || status.size !== size)
        throw new Error(`expected a file of ${size} bytes, got ${status.size}`)
      const buffer = Buffer.allocUnsafe(size)
      for (let offset = 0; offset < size;) {
        const { bytesRead } = await file.read(buffer, offset, size - offset, offset)
        if (bytesRead === 0) throw new Error(`it ends after ${offset} of ${size} bytes`)
        offset += bytesRead
      }
      return buffer
    } catch (cause) {
      throw new SandboxError(`Pixels could not be read from ${path}: ${(cause as Error).message}`, { cause })
    } finally {
      await file?.close()
    }
  }

  async remove(name: string): Promise<void> {
    await unlink(join(this.path, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }

  /** Remove the folder and all that is in it, if we made it. */
  async close(): Promise<void> {
    if (this.isOurs) await rm(this.path, { recursive: true, force: true })
  }
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
}
