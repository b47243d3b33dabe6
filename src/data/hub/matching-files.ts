import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../../core/error-code.js'
import { matchesPath } from './match-path.js'

/** Files in a folder that match a pattern, absolute, sorted; none where the folder is not there. */
export async function matchingFiles({
  folder,
  pattern,
}: {
  folder: string
  pattern: string
}): Promise<string[]> {
  const names = await readdir(join(folder, dirname(pattern))).catch((cause: unknown) => {
    if (errorCode(cause) === null) throw cause
    return []
  })
  return names
    .map((name) => join(dirname(pattern), name).replaceAll('\\', '/'))
    .filter((path) => matchesPath({ path, pattern }))
    .sort()
    .map((path) => join(folder, path))
}
