import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of a file, or of all files in a folder; what vanishes or cannot be read meanwhile counts as nothing. Links are not followed. */
export async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return 0
  if (!found.isDirectory()) return found.size
  let total = 0
  for (const name of await readdir(path).catch(() => [])) total += await sizeOf(join(path, name))
  return total
}
