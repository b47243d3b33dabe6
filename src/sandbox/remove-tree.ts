import { constants, existsSync } from 'node:fs'
import { open, readdir, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error-code.js'

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/**
 * Remove a file, or a folder with all that is in it; nothing happens where there is none. Unlike `rm` of Node this is safe where a hostile process
 * can write into the folder at the same time: what it lists and removes is named through a descriptor of the folder, so that a link put into a
 * folder's place leads nowhere.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return
    // What unlink says of a folder, on Linux and elsewhere.
    if (code !== 'EISDIR' && code !== 'EPERM') throw error
    await removeFolder(path)
  }
}

async function removeFolder(path: string): Promise<void> {
  const folder = await open(path, FOLDER)
  try {
    const inside = throughDescriptor({ fd: folder.fd, path })
    for (const name of await readdir(inside)) await removeTree(join(inside, name))
  } finally {
    await folder.close()
  }
  await rmdir(path)
}

/** A path that names the open folder itself, whatever stands at its place by now. Where a system has none, the plain path. */
export function throughDescriptor({ fd, path }: { fd: number; path: string }): string {
  const link = `/proc/self/fd/${fd}`
  return existsSync(link) ? link : path
}
