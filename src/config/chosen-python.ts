import type { Environment } from './environment.js'

/** The interpreter that the user named in PYTHON (a path, or a name on the search path); undefined where none is named. */
export function chosenPython(environment: Environment = process.env): string | undefined {
  const chosen = environment['PYTHON']?.trim()
  return chosen === '' ? undefined : chosen
}
