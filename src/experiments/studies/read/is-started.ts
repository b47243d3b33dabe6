import { join } from 'node:path'
import { isThere } from '../../../config/is-there.js'

/** Whether a folder holds a run, finished or not. */
export function isStarted(path: string): Promise<boolean> {
  return isThere(join(path, 'manifest.json'))
}
