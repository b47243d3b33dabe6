import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { errorCode } from '../../core/error-code.js'
import { UsageError } from '../../core/errors.js'

/** Folders whose files may be opened. */
export class ImageRoots {
  /** Without links, in the order given. */
  readonly folders: readonly string[]

  private constructor(folders: readonly string[]) {
    this.folders = folders
  }

  /** @throws UsageError for what is no folder. */
  static async of(paths: readonly string[]): Promise<ImageRoots> {
    return new ImageRoots([...new Set(await Promise.all(paths.map(folderOf)))])
  }

  get isEmpty(): boolean {
    return this.folders.length === 0
  }

  /** Whether an absolute path lies within, as it is written: links are not followed. */
  contains(path: string): boolean {
    const resolved = resolve(path)
    return this.folders.some((folder) => resolved.startsWith(folder === sep ? sep : `${folder}${sep}`))
  }
}

async function folderOf(path: string): Promise<string> {
  try {
    const real = await realpath(path)
    if ((await stat(real)).isDirectory()) return real
  } catch (cause) {
    throw new UsageError(`--root ${path}: expected a folder, but it cannot be read (${errorCode(cause)}).`, {
      cause,
    })
  }
  throw new UsageError(`--root ${path}: expected a folder, got a file.`)
}
