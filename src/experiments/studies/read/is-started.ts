import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether a folder holds a run, finished or not. */
export function isStarted(path: string): Promise<boolean> {
  return access(join(path, 'manifest.json')).then(
    () => true,
    () => false,
  )
}
