import { readlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from './remove-tree.js'

/** Exchange directories are memory: a controller that was killed must not leave its own behind for good. */
const NAME = /^codevision-(\d+)-(\d+)-/

/** Prefix that tells which process made a directory; process ids mean something within one pid namespace only. */
export function ownPrefix(): string {
  return `codevision-${pidNamespace()}-${process.pid}-`
}

/** Remove the exchange directories of processes that are gone. Those of other users or namespaces stay. */
export async function removeAbandonedDirectories(parent: string): Promise<void> {
  const namespace = pidNamespace()
  const names = await readdir(parent).catch(() => [])
  for (const name of names) {
    const [, madeIn, pid] = NAME.exec(name) ?? []
    if (madeIn !== namespace || pid === undefined || isAlive(Number(pid))) continue
    await removeTree(join(parent, name)).catch(() => undefined)
  }
}

function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
