import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, realpath } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeFolder } from '../../config/make-folder.js'
import { errorCode } from '../../core/error-code.js'
import { DataError, StoreError } from '../../core/errors.js'

const FOLDER = 'images'
/** The file system has no links, they cross a disk, or the file has as many as it can. */
const NO_LINK = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** Image files beside a data file, each once, named by the SHA-256 of its bytes. */
export interface ImageFiles {
  /**
   * Put a file there: as a hard link, or as a copy where that cannot be.
   * @returns its path relative to the data file's folder
   * @throws DataError where there is no such file; StoreError where it cannot be put there
   */
  put(path: string): Promise<string>
  /** Different images so far. */
  readonly count: number
}

/** @param out folder of the data file */
export function imageFiles(out: string): ImageFiles {
  const names = new Map<string, string>()
  const placed = new Set<string>()
  return {
    async put(path) {
      const known = names.get(path)
      if (known !== undefined) return known
      const name = `${FOLDER}/${await sha256Of(path)}${extname(path).toLowerCase()}`
      if (!placed.has(name)) await place({ from: path, to: join(out, name), folder: join(out, FOLDER) })
      placed.add(name)
      names.set(path, name)
      return name
    },
    get count() {
      return placed.size
    },
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (cause) {
    throw new DataError(`expected an image file at ${path}; ${String(cause)}`, { cause })
  }
  return hash.digest('hex')
}

async function place({ from, to, folder }: { from: string; to: string; folder: string }): Promise<void> {
  await makeFolder(folder, '--out')
  try {
    const source = await realpath(from)
    await link(source, to).catch((error: unknown) => {
      const code = errorCode(error) ?? ''
      // Its name says what it holds.
      if (code === 'EEXIST') return
      if (!NO_LINK.has(code)) throw error
      return copyFile(source, to)
    })
  } catch (cause) {
    throw new StoreError(`${to} could not be written: ${String(cause)}; choose another folder (--out)`, {
      cause,
    })
  }
}
