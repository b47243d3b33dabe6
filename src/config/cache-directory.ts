import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { chosenCache } from './chosen-cache.js'
import type { Environment } from './environment.js'

/** Where everything is kept that can be made again: CODEVISION_CACHE, or `~/.cache/codevision`. An absolute path. */
export function cacheDirectory(environment: Environment = process.env): string {
  const chosen = chosenCache(environment)
  return chosen === undefined ? join(homedir(), '.cache', 'codevision') : resolve(chosen)
}
