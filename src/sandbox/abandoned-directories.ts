import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, pidNamespace } from './process-identity.js'
import { removeTree } from './remove-tree.js'

/** Exchange directories are memory: a controller that was killed must not leave its own behind for good. */
const NAME = /^codevision-(\d+)-(\d+)-/

/** Where exchange directories are: memory, where the system has a folder of it. */
export function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

/** Prefix that tells which process made a directory; process ids mean something within one pid namespace only. */
export function ownPrefix(): string {
  return `codevision-${pidNamespace()}-${process.pid}-`
}

/** The exchange directories of this pid namespace: whose they are, and whether that process is gone. Those of other namespaces cannot be told. */
export async function exchangeDirectories(
  parent: string,
): Promise<{ path: string; pid: number; isAbandoned: boolean }[]> {
  const namespace = pidNamespace()
  const names = await readdir(parent).catch(() => [])
  return names.flatMap((name) => {
    const [, madeIn, pid] = NAME.exec(name) ?? []
    if (madeIn !== namespace || pid === undefined) return []
    return [{ path: join(parent, name), pid: Number(pid), isAbandoned: !isAlive(Number(pid)) }]
  })
}

/** Remove the exchange directories of processes that are gone. Those of other users or namespaces stay. */
export async function removeAbandonedDirectories(parent: string): Promise<void> {
  for (const { path, isAbandoned } of await exchangeDirectories(parent))
    if (isAbandoned) await removeTree(path).catch(() => undefined)
}
