import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import { abandonedContainers, removeAbandonedContainer } from '../../sandbox/abandoned-containers.js'
import { exchangeDirectories } from '../../sandbox/abandoned-directories.js'
import { removeTree } from '../../sandbox/remove-tree.js'
import { CONTAINER_BINARIES } from '../container-engine.js'
import { cachedThings } from './cached.js'
import type { Leftover } from './leftover.js'
import { sizeOf } from './size-of.js'

/**
 * What this program has left on this machine and can do without: containers and exchange directories of processes that are gone, and what the cache directory holds. In the
 * order in which it is to be removed: a container uses its exchange directory.
 */
export async function findLeftovers({
  cache,
  memory,
  environment,
}: {
  /** The cache directory. */
  cache: string
  /** Where exchange directories are. */
  memory: string
  /** Of the clients of container engines. */
  environment: Readonly<Record<string, string>>
}): Promise<Leftover[]> {
  const directories = await exchangeDirectories(memory)
  const living = directories.filter(({ isAbandoned }) => !isAbandoned).map(({ pid }) => pid)
  return [
    ...(await containers(environment)),
    ...(await abandoned(directories.filter(({ isAbandoned }) => isAbandoned).map(({ path }) => path))),
    ...(await cachedThings({ cache, living })),
  ]
}

async function containers(environment: Readonly<Record<string, string>>): Promise<Leftover[]> {
  const found = new Map<string, Leftover>()
  for (const binary of CONTAINER_BINARIES)
    for (const { id, name, bytes } of await abandonedContainers({ binary, environment }))
      // Where `docker` is a name of podman, both tell of the same.
      if (!found.has(id))
        found.set(id, {
          name: `containers/${name}`,
          what: `a container of ${binary} whose process is gone`,
          bytes,
          usedBy: null,
          remove: () => removeAbandonedContainer({ binary, environment, id }),
        })
  return [...found.values()]
}

async function abandoned(paths: readonly string[]): Promise<Leftover[]> {
  const uid = process.getuid?.()
  const things: Leftover[] = []
  for (const path of paths) {
    const owner = await lstat(path).then(
      (found) => found.uid,
      () => null,
    )
    // Root's are given to the user of the sandbox; those of other users are theirs to remove.
    if (owner === null || (uid !== 0 && owner !== uid)) continue
    things.push({
      name: `exchange/${basename(path)}`,
      what: `images of a sandbox whose process is gone (${path})`,
      bytes: await sizeOf(path),
      usedBy: null,
      remove: () => removeTree(path),
    })
  }
  return things
}
