import type { Environment } from './environment.js'

/** The cache directory that the user named in CODEVISION_CACHE, as it was named; undefined where none is. */
export function chosenCache(environment: Environment = process.env): string | undefined {
  const chosen = environment['CODEVISION_CACHE']?.trim()
  return chosen === '' ? undefined : chosen
}
