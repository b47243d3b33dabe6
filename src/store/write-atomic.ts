import { open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { errorCode } from '../core/error-code.js'
import { CodeVisionError, StoreError } from '../core/errors.js'

/**
 * Write a file so that it is there whole or not at all, even after a power cut.
 * @throws StoreError (disk full, not writable) with its cause; nothing is left behind then.
 */
export async function writeAtomic({
  path,
  data,
  advice = 'free space or permissions, then resume the run',
}: {
  path: string
  /** Pieces are written as they come; an error of this program while they are made is thrown as it is. */
  data: string | Uint8Array | AsyncIterable<string>
  /** What the reader of the error is to do. */
  advice?: string
}): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`
  try {
    const handle = await open(partial, 'wx')
    try {
      await writeFile(handle, data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
    await syncDirectory(dirname(path))
  } catch (cause) {
    await rm(partial, { force: true })
    if (cause instanceof CodeVisionError) throw cause
    throw new StoreError(`${path} could not be written: ${String(cause)}; ${advice}`, { cause })
  }
}

/** Remove what writers that were killed left in a folder; only for the one process that writes there. */
export async function removePartials(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw new StoreError(`${folder}: expected a folder; ${String(error)}`, { cause: error })
  })
  for (const name of names) if (name.endsWith('.partial')) await rm(join(folder, name), { force: true })
}

/** Make names in a folder survive a power cut; Windows has no such call. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
