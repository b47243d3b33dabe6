import { join } from 'node:path'
import { isThere } from '../config/is-there.js'
import { UsageError } from '../core/errors.js'
import { JOURNAL_FILE } from './journal.js'
import { MANIFEST_FILE } from './manifest.js'

/** @throws UsageError when a folder holds a run, or what is left of one. */
export async function expectNoRun(path: string): Promise<void> {
  for (const name of [MANIFEST_FILE, JOURNAL_FILE])
    if (await isThere(join(path, name)))
      throw new UsageError(
        `${path} holds a run already: go on with it (--resume), or choose another name (--name)`,
      )
}
