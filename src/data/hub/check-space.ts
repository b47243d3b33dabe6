import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { HubError } from '../../core/errors.js'
import type { HubFile, HubRepository } from './hub-repository.js'
import { partialPath, sizeOf } from './partial-file.js'

/**
 * Before anything is fetched: whether the disk has room for all of what is still to come.
 * @throws HubError that says how much is missing.
 */
export async function checkSpace({
  hub,
  folder,
  files,
}: {
  hub: HubRepository
  folder: string
  /** Those that are not whole. */
  files: readonly HubFile[]
}): Promise<void> {
  const parts = await Promise.all(files.map(({ path }) => sizeOf(partialPath(join(folder, path)))))
  const received = parts.reduce((sum, part, at) => sum + Math.min(part, files[at]?.size ?? 0), 0)
  const missing = files.reduce((sum, { size }) => sum + size, 0) - received
  await mkdir(folder, { recursive: true })
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= missing) return
  const what =
    files.length === 1
      ? `${files[0]?.path} of ${hub.repository}`
      : `${files.length} files of ${hub.repository}`
  throw new HubError(
    `${what}: ${missing} bytes are still to come, and the disk of ${folder} has ${free} free; free space, or set CODEVISION_CACHE to a folder on another disk`,
  )
}
