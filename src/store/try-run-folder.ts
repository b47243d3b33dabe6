import { join, resolve } from 'node:path'
import { expectIdentity } from './expect-identity.js'
import { expectNoRun } from './expect-no-run.js'
import { BEGIN_IT, expectRun } from './expect-run.js'
import { expectUnlocked, LOCK_FILE } from './lock.js'
import { MANIFEST_FILE, readManifest, type Json } from './manifest.js'
import { openOutputFolder } from './output-folder.js'

/**
 * Tell what `openRun` would refuse as far as it is known before models are loaded: whether there is a run, whether it was made with the same, whether another process writes it, and whether its folder can be
 * written. Nothing is left of the trial: folders that were made for it are removed.
 * @param parameters.identity the parts of the run's identity that are known already, each whole
 * @throws UsageError, StoreError as `openRun` does.
 */
export async function tryRunFolder({
  mode,
  identity,
  secrets,
  ...given
}: {
  path: string
  mode: 'create' | 'resume'
  identity: Readonly<Record<string, Json>>
  secrets?: readonly string[]
}): Promise<void> {
  const path = resolve(given.path)
  if (mode === 'create') await expectNoRun(path)
  else {
    await expectRun(path, BEGIN_IT)
    const { identity: recorded } = await readManifest(join(path, MANIFEST_FILE))
    const known = Object.entries(recorded).filter(([name]) => name in identity)
    expectIdentity({ path, recorded: Object.fromEntries(known), now: { ...identity }, secrets })
  }
  await expectUnlocked(join(path, LOCK_FILE))
  const folder = await openOutputFolder(path)
  await folder.removeIfEmpty()
}
