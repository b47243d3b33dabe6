import { open, rename, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { StoreError } from '../core/errors.js'

/**
 * Write a file so that it is there whole or not at all, even after a power cut.
 * @throws StoreError (disk full, not writable) with its cause; nothing is left behind then.
 */
export async function writeAtomic({
  path,
  data,
}: {
  path: string
  data: string | Uint8Array
}): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`
  try {
    const handle = await open(partial, 'wx')
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
    await syncDirectory(dirname(path))
  } catch (cause) {
    await rm(partial, { force: true })
    throw new StoreError(
      `${path} could not be written: ${String(cause)}; free space or permissions, then resume the run`,
      { cause },
    )
  }
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
