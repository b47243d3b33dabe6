import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../core/errors.js'

/**
 * Make files in a folder of their own, and move them to their places when all are there: whoever stops in between leaves nothing.
 * @throws StoreError when the folder cannot be made or the files cannot be moved.
 */
export async function inStaging<Result>({
  folder,
  staging,
  make,
}: {
  /** Where the files are to be. */
  folder: string
  /** Name of the folder for the meantime, inside the other; what is in it of a build that was killed is removed. */
  staging: string
  make: (path: string) => Promise<Result>
}): Promise<Result> {
  const path = join(folder, staging)
  try {
    await rm(path, { recursive: true, force: true })
    await mkdir(path, { recursive: true }).catch((cause: unknown) => {
      throw new StoreError(`${path} cannot be made: ${String(cause)}; choose another --output`, { cause })
    })
    const result = await make(path)
    for (const name of await readdir(path)) {
      await rename(join(path, name), join(folder, name)).catch((cause: unknown) => {
        throw new StoreError(`${join(folder, name)} cannot be put in its place: ${String(cause)}`, { cause })
      })
    }
    return result
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}
