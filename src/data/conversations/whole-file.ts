import { rename, rm } from 'node:fs/promises'
import { errorCode } from '../../core/error-code.js'
import { StoreError } from '../../core/errors.js'

/**
 * Write a file under another name beside its place, and give it its own when it is whole and wanted; otherwise nothing is left.
 * @throws StoreError when the disk is full or not writable; what `write` throws besides.
 */
export async function wholeFile({
  path,
  write,
  isWanted,
}: {
  path: string
  write: (partial: string) => Promise<void>
  /** Asked when all is written. */
  isWanted: () => boolean
}): Promise<void> {
  const partial = `${path}.partial`
  try {
    await write(partial)
    if (isWanted()) await rename(partial, path)
  } catch (cause) {
    if (errorCode(cause) === null || cause instanceof StoreError) throw cause
    throw new StoreError(`${path} could not be written: ${String(cause)}; choose another folder (--out)`, {
      cause,
    })
  } finally {
    await rm(partial, { force: true })
  }
}
