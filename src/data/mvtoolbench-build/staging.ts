import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../config/make-folder.js'
import { errorCode } from '../../core/error-code.js'
import { CodeVisionError, StoreError } from '../../core/errors.js'

/**
 * Make files in a folder of their own, and move them to their places when all are there: whoever stops in between leaves nothing.
 * @throws StoreError when they cannot be written (disk full, no permission) or moved.
 */
export async function inStaging<Result>({
  folder,
  staging,
  option = '--output',
  make,
}: {
  /** Where the files are to be. */
  folder: string
  /** Name of the folder for the meantime, inside the other; what is in it of a build that was killed is removed. */
  staging: string
  /** Option by which the user named the folder. */
  option?: string
  make: (path: string) => Promise<Result>
}): Promise<Result> {
  const path = join(folder, staging)
  await makeFolder(folder, option)
  try {
    await rm(path, { recursive: true, force: true })
    await mkdir(path)
    const result = await make(path)
    for (const name of await readdir(path)) await rename(join(path, name), join(folder, name))
    return result
  } catch (cause) {
    throw explained({ cause, folder, option })
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

function explained({ cause, folder, option }: { cause: unknown; folder: string; option: string }): unknown {
  // Only the system's own errors have such a code; what is read has been explained by its reader.
  if (cause instanceof CodeVisionError || errorCode(cause) === null) return cause
  return new StoreError(
    `${folder} cannot be written: ${String(cause)}; free space or permissions there, or choose another ${option}`,
    { cause },
  )
}
