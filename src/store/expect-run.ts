import { join } from 'node:path'
import { isThere } from '../config/is-there.js'
import { UsageError } from '../core/errors.js'
import { MANIFEST_FILE } from './manifest.js'

/** What to do where a run is to be resumed that there is not. */
export const BEGIN_IT = ' Begin it without --resume.'

/** @throws UsageError when there is no run in a folder; it ends with `advice`. */
export async function expectRun(path: string, advice = ''): Promise<void> {
  if (await isThere(join(path, MANIFEST_FILE))) return
  throw new UsageError(
    `${path}: expected the folder of a run, got one without ${MANIFEST_FILE} (or none).${advice}`,
  )
}
