import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'
import { isThere } from './is-there.js'
import { removeEmptyFolders } from './remove-empty-folders.js'

/**
 * Make a folder and those above it, where they are not there.
 *
 * Step by step and not with `recursive`: that never returns where the system refuses to make a folder in one that exists with ENOENT (/proc), and
 * calls a read-only disk ENOENT.
 *
 * @param option by which the user named it.
 * @returns those that it made, outermost first
 * @throws StoreError that says why not; what it made until then is removed.
 */
export async function makeFolder(path: string, option = '--output'): Promise<string[]> {
  const made: string[] = []
  try {
    await make(path, made)
    return made
  } catch (cause) {
    await removeEmptyFolders(made)
    throw new StoreError(
      `${path} could not be made: ${String(cause)}; choose another folder (${option}), or make it writable`,
      { cause },
    )
  }
}

async function make(path: string, made: string[]): Promise<void> {
  try {
    await mkdir(path)
    made.push(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' && !(await isThere(dirname(path)))) {
      await make(dirname(path), made)
      await mkdir(path)
      made.push(path)
    } else if (!(await isFolder(path))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
