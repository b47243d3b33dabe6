import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere } from '../config/is-there.js'
import { StoreError } from '../core/errors.js'
import { makeFolder } from '../config/make-folder.js'
import { writeAtomic } from './write-atomic.js'

/** The PNG files of a run, each once, named by the SHA-256 of the file. */
export interface ImageStore {
  pathOf(sha256: string): string
  /** Write the image unless it is there; `png` is called only when it is not. */
  put(image: { sha256: string; png: () => Promise<Buffer> }): Promise<void>
  read(sha256: string): Promise<Buffer>
}

/** `folder` is made with the first image. */
export function imageStore(folder: string): ImageStore {
  const pending = new Map<string, Promise<void>>()
  const pathOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256))
      throw new StoreError(`expected the SHA-256 of an image, got "${sha256}"`)
    return join(folder, `${sha256}.png`)
  }
  const write = async (sha256: string, png: () => Promise<Buffer>): Promise<void> => {
    const path = pathOf(sha256)
    if (await isThere(path)) return
    const data = await png()
    const found = createHash('sha256').update(data).digest('hex')
    if (found !== sha256) throw new StoreError(`expected an image with SHA-256 ${sha256}, got ${found}`)
    await makeFolder(folder)
    await writeAtomic({ path, data })
  }
  return {
    pathOf,
    put({ sha256, png }) {
      const writing = pending.get(sha256) ?? write(sha256, png).finally(() => pending.delete(sha256))
      pending.set(sha256, writing)
      return writing
    },
    async read(sha256) {
      const path = pathOf(sha256)
      return readFile(path).catch((cause: unknown) => {
        throw new StoreError(`${path}: expected an image of the run; ${String(cause)}`, { cause })
      })
    },
  }
}
