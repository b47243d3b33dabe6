import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where everything is kept that can be made again: `CODEVISION_CACHE`, or `~/.cache/codevision`. An absolute path. */
export function cacheDirectory(): string {
  const chosen = process.env['CODEVISION_CACHE']
  return chosen === undefined || chosen === '' ? join(homedir(), '.cache', 'codevision') : resolve(chosen)
}
