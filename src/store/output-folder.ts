import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeFolder } from '../config/make-folder.js'
import { removeEmptyFolders } from '../config/remove-empty-folders.js'
import { writeAtomic } from './write-atomic.js'

/** A folder that results are put into when they are there. */
export interface OutputFolder {
  /** Absolute. */
  readonly path: string
  /** @throws StoreError (disk full, not writable) with its cause. */
  write(name: string, data: string | Uint8Array): Promise<void>
  /** If nothing was written, remove what was made of the folder and those above it. */
  removeIfEmpty(): Promise<void>
}

/** What is written for a trial: enough that a full disk is told before the work. */
const TRIAL_BYTES = 65_536

/**
 * Make a folder, and try that it can be written before hours of work are to go into it.
 * @param option by which the user named it.
 * @throws StoreError when it cannot be made or written.
 */
export async function openOutputFolder(folder: string, option = '--output'): Promise<OutputFolder> {
  const path = resolve(folder)
  const made = await makeFolder(path, option)
  const advice = `free space there, or choose another folder (${option})`
  const write = (name: string, data: string | Uint8Array): Promise<void> =>
    writeAtomic({ path: join(path, name), data, advice })
  const removeIfEmpty = (): Promise<void> => removeEmptyFolders(made)
  try {
    await write('.trial', Buffer.alloc(TRIAL_BYTES, 1))
    await rm(join(path, '.trial'), { force: true })
  } catch (cause) {
    await removeIfEmpty()
    throw cause
  }
  return { path, write, removeIfEmpty }
}
