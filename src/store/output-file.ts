import { stat, writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { StoreError, UsageError } from '../core/errors.js'
import { openOutputFolder } from './output-folder.js'

/** A file that a result is put into when it is there. */
export interface OutputFile {
  /** Absolute. */
  readonly path: string
  /** It is there whole or not at all. @throws StoreError (disk full, not writable) with its cause. */
  write(data: string): Promise<void>
}

/**
 * Try that a file can be written before the work that is to go into it; folders that it lies in are made.
 * @param parameters.option by which the user named it
 * @throws UsageError where it is a folder; StoreError when it cannot be written.
 */
export async function openOutputFile({
  path: named,
  option,
}: {
  path: string
  option: string
}): Promise<OutputFile> {
  const path = resolve(named)
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() === true)
    throw new UsageError(`${option}: expected a file, got the folder ${named}`)
  // A pipe or a terminal is written to, not replaced.
  if (found !== null && !found.isFile()) return { path, write: (data) => writeInto({ path, data, option }) }
  const folder = await openOutputFolder(dirname(path), option)
  return { path, write: (data) => folder.write(basename(path), data) }
}

async function writeInto({
  path,
  data,
  option,
}: {
  path: string
  data: string
  option: string
}): Promise<void> {
  try {
    await writeFile(path, data)
  } catch (cause) {
    throw new StoreError(`${path} could not be written: ${String(cause)}; name another file (${option})`, {
      cause,
    })
  }
}
