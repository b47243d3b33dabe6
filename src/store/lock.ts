import { hostname } from 'node:os'
import { liveOwner, tryProcessLock, type LockOwner } from '../config/process-lock.js'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'

/** In the folder of a run. */
export const LOCK_FILE = 'lock.json'

/** The right to write a run; `release` may be called twice. */
export interface Lock {
  /** @throws StoreError when another process has taken the run over, since this one stood still for too long. */
  check(): Promise<void>
  release(): Promise<void>
}

/**
 * Take the lock at `path`. One that a dead process left behind is taken over: of this machine at once, of another machine or container when its
 * file was not touched for a while, which is waited for.
 * @throws StoreError naming the process when another one is writing.
 */
export async function takeLock(path: string, options: { beatMs?: number } = {}): Promise<Lock> {
  const taken = await told(path, () => tryProcessLock(path, options))
  if ('owner' in taken) throw liveError({ path, owner: taken.owner })
  const { lock } = taken
  return {
    async check() {
      if (await told(path, () => lock.isHeld())) return
      throw new StoreError(
        `${path} is not this process's any more: it was removed, or another process took the run over while this one stood still. What was finished before is kept.`,
      )
    },
    release: () => told(path, () => lock.release()),
  }
}

/**
 * Tell whether another process is writing, without taking the lock or anything else.
 * @throws StoreError naming it, as {@link takeLock} does.
 */
export async function expectUnlocked(path: string): Promise<void> {
  const owner = await told(path, () => liveOwner(path))
  if (owner !== null) throw liveError({ path, owner })
}

async function told<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (cause) {
    if (errorCode(cause) === null) throw cause
    throw new StoreError(`${path} could not be used as the lock of the run: ${String(cause)}`, { cause })
  }
}

function liveError({ path, owner }: { path: string; owner: LockOwner }): StoreError {
  const elsewhere = owner.host === hostname() ? '' : `; if that machine is gone for good, delete ${path}`
  return new StoreError(
    `This run is being written by process ${owner.pid} on ${owner.host}: wait for it, or stop it, then try again${elsewhere}`,
  )
}
