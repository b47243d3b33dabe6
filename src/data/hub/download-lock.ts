import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { tryProcessLock, type LockOwner } from '../../config/process-lock.js'

const POLL_MS = 500

/**
 * Do something that only one process may do at a time, such as writing a partial file; others wait while that one lives, also where it runs on another machine or in another container. The lock of a
 * process that was killed is taken over.
 */
export async function withDownloadLock<Value>({
  path,
  beatMs,
  signal,
  onWait = () => undefined,
  work,
}: {
  /** The lock's file. */
  path: string
  beatMs?: number
  signal?: AbortSignal | undefined
  /** Told once of each process that is waited for. */
  onWait?: (owner: LockOwner) => void
  work: () => Promise<Value>
}): Promise<Value> {
  await mkdir(dirname(path), { recursive: true })
  let told: string | null = null
  const tell = (owner: LockOwner): void => {
    if (told === owner.token) return
    told = owner.token
    onWait(owner)
  }
  for (;;) {
    const taken = await tryProcessLock(path, {
      ...(beatMs !== undefined && { beatMs }),
      signal,
      onWait: tell,
    })
    if ('lock' in taken) {
      try {
        return await work()
      } finally {
        await taken.lock.release()
      }
    }
    tell(taken.owner)
    await pause(POLL_MS, undefined, { ...(signal && { signal }) })
  }
}
