import { constants } from 'node:fs'
import { mkdtemp, open, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SandboxError } from '../core/errors.js'
import { ownPrefix } from './abandoned-directories.js'
import { removeTree, throughDescriptor } from './remove-tree.js'

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW
/** Ours and the group's; what is made inside belongs to the group too. */
const MODE = 0o2770
/** The sandbox removes folders that nobody has touched for ten minutes (listener.py). */
const TOUCH_EVERY_MS = 60_000

/**
 * A folder of ours inside one that a running sandbox can write as well, which may be another user of the same group. That side is treated as hostile and
 * could put a link in the folder's place, so all work in it goes through a descriptor.
 */
export class SharedFolder {
  readonly path: string
  /** Names the folder whatever stands at its path. */
  readonly root: string
  private readonly handle: FileHandle
  private readonly timer: NodeJS.Timeout

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.handle = handle
    this.root = throughDescriptor({ fd: handle.fd, path })
    this.timer = setInterval(() => {
      const now = new Date()
      handle.utimes(now, now).catch((error: Error) => process.emitWarning(error))
    }, TOUCH_EVERY_MS).unref()
  }

  /** @throws SandboxError where the parent cannot be written, or its group is none of ours. */
  static async create({ parent }: { parent: string }): Promise<SharedFolder> {
    let handle
    try {
      const path = await mkdtemp(join(parent, ownPrefix()))
      handle = await open(path, FOLDER)
      const { uid } = await handle.stat()
      if (uid !== process.getuid?.()) throw new Error('another user has put his own folder there')
      const { gid } = await stat(parent)
      await handle.chown(uid, gid)
      await handle.chmod(MODE)
      return new SharedFolder(path, handle)
    } catch (cause) {
      await handle?.close()
      throw new SandboxError(
        `The sandbox's exchange directory ${parent} cannot be used (${(cause as Error).message}). This user must be the sandbox's own, or of the group of that directory.`,
        { cause },
      )
    }
  }

  /** Remove it and all that is in it. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    await this.handle.close()
    await removeTree(this.path)
  }
}
