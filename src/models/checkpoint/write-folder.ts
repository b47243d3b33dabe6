import { readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isThere } from '../../config/is-there.js'
import { makeFolder } from '../../config/make-folder.js'
import { errorCode } from '../../core/error-code.js'
import { CodeVisionError, StoreError, UsageError } from '../../core/errors.js'

/**
 * Write a folder under another name beside its place and give it its own when it is whole: whoever stops in between leaves the earlier one, at worst as `<name>.earlier`, which the next call puts
 * back.
 * @throws UsageError when there is something of that name that `mark`, a file in each such folder, does not stand in; StoreError when the disk is full or not writable.
 */
export async function writeFolder({
  directory,
  mark,
  write,
}: {
  directory: string
  /** A file in it, by which an earlier one is known that may be replaced. */
  mark: string
  write: (partial: string) => Promise<void>
}): Promise<void> {
  const place = resolve(directory)
  const [partial, earlier] = [`${place}.partial`, earlierOf(place)]
  try {
    await restoreFolder(place)
    await checkReplaceable({ place, mark })
    await rm(partial, { recursive: true, force: true })
    await makeFolder(partial)
    await write(partial)
    await rm(earlier, { recursive: true, force: true })
    if (await isThere(place)) await rename(place, earlier)
    await rename(partial, place)
    await rm(earlier, { recursive: true, force: true })
  } catch (cause) {
    if (errorCode(cause) === null || cause instanceof CodeVisionError) throw cause
    throw new StoreError(
      `${directory} could not be written: ${String(cause)}; free space or permissions there, or choose another folder`,
      { cause },
    )
  } finally {
    // Where it cannot be removed, it could not be written, and that is what is told.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Put back what `writeFolder` had replaced when it was stopped before the new one had its name: for who reads the folder before it is written again. */
export async function restoreFolder(directory: string): Promise<void> {
  const place = resolve(directory)
  if (!(await isThere(place)) && (await isThere(earlierOf(place)))) await rename(earlierOf(place), place)
}

function earlierOf(place: string): string {
  return `${place}.earlier`
}

async function checkReplaceable({ place, mark }: { place: string; mark: string }): Promise<void> {
  const held = await readdir(place).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  if (held.length > 0 && !(await isThere(join(place, mark))))
    throw new UsageError(
      `${place}: expected no such folder, an empty one, or one that was written here before (with ${mark} in it), got one with ${held.slice(0, 3).join(', ')}; choose another folder`,
    )
}
