import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs'
import { chown, mkdtemp, open, readdir, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { SandboxError } from '../core/errors.js'
import { GoneFileError } from './gone-file-error.js'
import { memoryFolder, ownPrefix, removeAbandonedDirectories } from './abandoned-directories.js'
import { removeTree } from './remove-tree.js'
import { SharedFolder } from './shared-folder.js'
import { WarmBuffer } from './warm-buffer.js'

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
/** Without waiting: a FIFO in a file's place must hold up nobody. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
/** Node ends the process where one read asks for more than 2 GiB. */
const READ_AT_ONCE = 1 << 30
/** More than this, about a millisecond, is copied off the event loop. */
const READ_AT_ONCE_HERE = 1 << 22
const MAX_FILE = 8 * 2 ** 30

interface ExchangeDirectoryParameters {
  path: string
  shared: SharedFolder | undefined
  owner: number | undefined
  maxBytes: number
}

/**
 * The folder through which pixels cross between us and one host: memory-backed where the system has /dev/shm. The other side is treated as hostile:
 * files are opened without following links and checked against the size that was announced.
 */
export class ExchangeDirectory {
  readonly path: string
  /** The same folder, as its files are named; through a descriptor, whose number may name another folder once it is closed. */
  private readonly root: string
  private isClosed = false
  private sweeping: Promise<unknown> = Promise.resolve()
  private readonly shared: SharedFolder | undefined
  private readonly owner: number | undefined
  /** What its files may hold together. */
  readonly maxBytes: number
  private readonly token = randomBytes(4).toString('hex')
  /** Every file that somebody owns, and its bytes as far as they are known. */
  private readonly files = new Map<string, number>()
  private readonly buffers = new WarmBuffer()
  private counter = 0
  private held = 0

  private constructor({ path, shared, owner, maxBytes }: ExchangeDirectoryParameters) {
    this.path = path
    this.root = shared?.root ?? path
    this.shared = shared
    this.owner = owner
    this.maxBytes = maxBytes
  }

  /**
   * @param owner user id that must be able to read and write here.
   * @param parent folder that a running sandbox shares with us; undefined: memory of this machine.
   * @param maxBytes what its files may hold together.
   */
  static async create({
    owner,
    parent,
    maxBytes = Infinity,
  }: {
    owner: number | undefined
    parent?: string | undefined
    maxBytes?: number
  }): Promise<ExchangeDirectory> {
    await removeAbandonedDirectories(parent ?? memoryFolder())
    if (parent !== undefined) {
      const shared = await SharedFolder.create({ parent })
      return new ExchangeDirectory({ path: shared.path, shared, owner, maxBytes })
    }
    const path = await mkdtemp(join(memoryFolder(), ownPrefix()))
    if (owner !== undefined) await chown(path, owner, owner)
    return new ExchangeDirectory({ path, shared: undefined, owner, maxBytes })
  }

  /** Bytes of all files that somebody owns. */
  get bytes(): number {
    return this.held
  }

  /** Whether so many bytes more may be held. */
  hasRoom(bytes: number): boolean {
    return this.held + bytes <= this.maxBytes
  }

  /** A file name that was never used in this folder; it is owned until it is removed. */
  newName(kind: 'file' | 'pixels'): string {
    this.counter += 1
    const name = `${kind}-${this.token}-${this.counter}`
    this.files.set(name, 0)
    return name
  }

  /** Count the bytes of a file. @throws SandboxError (retryable) when all files together would hold more than they may. */
  account(name: string, bytes: number): void {
    const others = this.held - (this.files.get(name) ?? 0)
    if (others + bytes > this.maxBytes) {
      throw new SandboxError(
        `The open sessions hold ${others} bytes of images, and ${bytes} more would pass the limit of ${this.maxBytes}. Close sessions that are done, or raise maxBytes.`,
        { isRetryable: true },
      )
    }
    this.held = others + bytes
    this.files.set(name, bytes)
  }

  /** Remove what nobody owns: files that a host made, or made again, while it was being ended. */
  async sweep(): Promise<void> {
    if (this.isClosed) return
    const sweep = this.removeStrays()
    this.sweeping = Promise.allSettled([this.sweeping, sweep])
    await sweep
  }

  private async removeStrays(): Promise<void> {
    const names = await readdir(this.root).catch(() => [])
    const strays = names.filter((name) => !this.files.has(name))
    await Promise.all(strays.map((name) => removeTree(this.pathOf(name))))
  }

  /** @throws SandboxError once the directory is closed. */
  private pathOf(name: string): string {
    if (this.isClosed) throw new SandboxError(`The exchange directory ${this.path} is closed.`)
    return join(this.root, name)
  }

  /** @param isCounted whether its bytes count among those that may be held. @throws SandboxError, see {@link account}. */
  async write(name: string, data: Buffer, { isCounted = true }: { isCounted?: boolean } = {}): Promise<void> {
    if (isCounted) this.account(name, data.length)
    const path = this.pathOf(name)
    let file
    try {
      // By descriptor, not by name: the other side could put a link in its place before the owner is changed.
      file = await open(path, CREATE, 0o644)
      await file.writeFile(data)
      if (this.owner !== undefined) await file.chown(this.owner, this.owner)
      // Whatever our umask is, the sandbox's group must be able to read it.
      if (this.shared) await file.chmod(0o640)
    } catch (cause) {
      throw new SandboxError(
        `The exchange directory ${this.path} could not be written (${(cause as Error).message}).`,
        { cause, isRetryable: isFull(cause) },
      )
    } finally {
      await file?.close()
    }
  }

  /** Read a file of exactly `size` bytes. @throws GoneFileError when it is not that, SandboxError when it cannot be read. */
  async read(name: string, size: number): Promise<Buffer> {
    const path = this.pathOf(name)
    let file: number | undefined
    try {
      if (size > MAX_FILE) throw new Error(`${size} bytes are more than any image has`)
      // The folder is memory: opening takes microseconds, while each trip to the thread pool takes a tenth of a millisecond.
      file = openSync(path, READ)
      const status = fstatSync(file)
      if (!status.isFile() || status.size !== size)
        throw new GoneFileError(`expected a file of ${size} bytes, got ${status.size}`)
      const buffer = this.buffers.take(size)
      for (let offset = 0; offset < size;) {
        const length = Math.min(size - offset, READ_AT_ONCE)
        const bytesRead =
          length <= READ_AT_ONCE_HERE
            ? readSync(file, buffer, offset, length, offset)
            : await readElsewhere(file, buffer, offset, length)
        if (bytesRead === 0) throw new GoneFileError(`it ends after ${offset} of ${size} bytes`)
        offset += bytesRead
      }
      this.buffers.warm(size)
      return buffer
    } catch (cause) {
      const message = `Pixels could not be read from ${join(this.path, name)}: ${(cause as Error).message}`
      throw isGone(cause) ? new GoneFileError(message, { cause }) : new SandboxError(message, { cause })
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }

  async remove(name: string): Promise<void> {
    this.held -= this.files.get(name) ?? 0
    this.files.delete(name)
    // What was in it went with the directory.
    if (this.isClosed) return
    const path = this.pathOf(name)
    await unlink(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return
      // A hostile host may have made a folder of it.
      await removeTree(path).catch((cause: unknown) => {
        throw new SandboxError(`${join(this.path, name)} could not be removed: ${(cause as Error).message}`, {
          cause,
        })
      })
    })
  }

  /** Remove the folder and all that is in it. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.sweeping
    const removed = this.shared?.close() ?? removeTree(this.path)
    await removed.catch((cause: unknown) => {
      throw new SandboxError(`${this.path} could not be removed: ${(cause as Error).message}`, { cause })
    })
  }
}

/** Half of what the folder of exchange directories could hold when it is empty: the rest is for others. */
export async function defaultMaxBytes(parent: string = memoryFolder()): Promise<number> {
  const { blocks, bsize } = await statfs(parent)
  return (blocks * bsize) / 2
}

function readElsewhere(file: number, buffer: Buffer, offset: number, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, buffer, offset, length, offset, (error, bytesRead) =>
      error ? reject(error) : resolve(bytesRead),
    )
  })
}

/** Not there, or put out of reach by the other side: a link in its place, or a mode that keeps us out. */
function isGone(error: unknown): boolean {
  return (
    error instanceof GoneFileError ||
    ['ENOENT', 'ELOOP', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
  )
}

function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC'
}
