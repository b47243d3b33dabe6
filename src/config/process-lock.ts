import { randomUUID } from 'node:crypto'
import { link, open, readFile, readlink, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { errorCode } from '../core/error-code.js'

/** Who holds a lock: a process number alone is used again by the system, so its start is kept too. */
const ownerSchema = z.object({
  pid: z.number().int(),
  host: z.string(),
  /** What the system says of the process's start; null where it does not say. */
  started: z.string().nullable(),
  /** Where its number counts: a container has numbers of its own. Null where the system does not say; absent in older locks. */
  namespace: z.string().nullable().optional(),
  /** The file is touched that often while its process lives; absent in older locks. */
  beatMs: z.number().positive().optional(),
  token: z.string(),
})

export type LockOwner = z.infer<typeof ownerSchema>

/** A lock that this process holds. */
export interface ProcessLock {
  /** False once another process has taken it over, since this one stood still for too long. */
  isHeld(): Promise<boolean>
  /** May be called twice. */
  release(): Promise<void>
}

export interface TryProcessLock {
  beatMs?: number
  signal?: AbortSignal | undefined
  /** Told of an owner that cannot be asked, before its beat is waited for. */
  onWait?: ((owner: LockOwner) => void) | undefined
}

const BEAT_MS = 4_000
/** A lock that was not touched for so many beats has no process any more. */
const MISSED_BEATS = 4

/**
 * Take the lock at `path`, or tell who has it. One that a dead process left behind is taken over: of this machine at once, of another machine or container when its file was not
 * touched for a while, which is waited for; what is no lock of ours (empty, damaged) at once.
 * @throws what the file system says, and AbortError.
 */
export async function tryProcessLock(
  path: string,
  { beatMs = BEAT_MS, signal, onWait }: TryProcessLock = {},
): Promise<{ lock: ProcessLock } | { owner: LockOwner }> {
  const mine: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: await processStart(process.pid),
    namespace: await pidNamespace(),
    beatMs,
    token: randomUUID(),
  }
  while (!(await create({ path, owner: mine }))) {
    signal?.throwIfAborted()
    const owner = await readOwner(path)
    if (owner === 'gone') continue
    if (owner !== null && (await isLive({ path, owner, namespace: mine.namespace, signal, onWait })))
      return { owner }
    await removeStale({ path, token: owner?.token ?? null })
  }
  const beat = setInterval(() => void touch({ path, token: mine.token }), beatMs)
  beat.unref()
  const isHeld = async (): Promise<boolean> => {
    const owner = await readOwner(path)
    return owner !== 'gone' && owner?.token === mine.token
  }
  return {
    lock: {
      isHeld,
      async release() {
        clearInterval(beat)
        if (await isHeld()) await rm(path, { force: true })
      },
    },
  }
}

/** Who holds the lock at `path`, without taking it or anything else; null: nobody that lives. */
export async function liveOwner(path: string): Promise<LockOwner | null> {
  const owner = await readOwner(path)
  if (owner === 'gone' || owner === null) return null
  return (await isLive({ path, owner, namespace: await pidNamespace() })) ? owner : null
}

async function create({ path, owner }: { path: string; owner: LockOwner }): Promise<boolean> {
  // A link appears with its content: a reader never sees a lock that is half written.
  const own = `${path}.${owner.token}`
  try {
    const handle = await open(own, 'wx')
    try {
      await handle.writeFile(JSON.stringify(owner))
    } finally {
      await handle.close()
    }
    await link(own, path)
    return true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw cause
  } finally {
    await rm(own, { force: true })
  }
}

/** Null: the file is no lock of ours (damaged). */
async function readOwner(path: string): Promise<LockOwner | null | 'gone'> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return 'gone'
    throw cause
  }
  try {
    return ownerSchema.parse(JSON.parse(text))
  } catch {
    return null // neither JSON nor a lock: nobody is known to hold it
  }
}

interface Asked extends Pick<TryProcessLock, 'signal' | 'onWait'> {
  path: string
  owner: LockOwner
}

async function isLive({
  namespace,
  ...asked
}: Asked & { namespace: string | null | undefined }): Promise<boolean> {
  const { owner } = asked
  const isAsked = owner.host === hostname() && (owner.namespace ?? namespace) === namespace
  if (!isAsked) return isTouched(asked)
  if (!exists(owner.pid)) return false
  const started = await processStart(owner.pid)
  return owner.started === null || started === null || started === owner.started
}

/** Of a process that cannot be asked from here: whether its file changes. Clocks are not compared, so theirs may be wrong. */
async function isTouched({ path, owner, signal, onWait }: Asked): Promise<boolean> {
  const { beatMs, token } = owner
  if (beatMs === undefined) return true // older, and never touched
  onWait?.(owner)
  const before = await touchedAt(path)
  for (let beat = 0; beat < MISSED_BEATS; beat++) {
    await sleep(beatMs, undefined, { ...(signal && { signal }) })
    const owner = await readOwner(path)
    if (owner === 'gone' || owner?.token !== token) return false // somebody else's by now: looked at anew
    if ((await touchedAt(path)) !== before) return true
  }
  return false
}

async function touchedAt(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
}

async function touch({ path, token }: { path: string; token: string }): Promise<void> {
  try {
    const owner = await readOwner(path)
    if (owner === 'gone' || owner?.token !== token) return
    const now = new Date()
    await utimes(path, now, now)
  } catch {
    // A beat that is missed: the next one comes.
  }
}

/** Identity of the space in which process numbers count (Linux); null elsewhere. */
async function pidNamespace(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(() => null)
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return errorCode(cause) === 'EPERM'
  }
}

/** Boot and tick at which a process started (Linux); null elsewhere. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // The name in parentheses may hold spaces; the start is field 22, the 20th behind it.
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return tick === undefined ? null : `${boot.trim()} ${tick}`
  } catch {
    return null // no /proc on this system
  }
}

/** Longer than it takes to remove a file; a process that died while it did so left its guard behind. */
const GUARD_MS = 30_000

/**
 * Take a dead process's lock away, if it is still that one: of many that want it only the holder of the guard looks and removes, so that nobody removes the lock of whoever was faster.
 * Where another holds the guard, nothing is done but to wait a moment.
 */
async function removeStale({ path, token }: { path: string; token: string | null }): Promise<void> {
  const guard = `${path}.takeover`
  try {
    await (await open(guard, 'wx')).close()
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause
    const since = await touchedAt(guard)
    if (since !== null && Date.now() - since > GUARD_MS) await rm(guard, { force: true })
    else await sleep(5)
    return
  }
  try {
    const owner = await readOwner(path)
    if (owner !== 'gone' && (owner?.token ?? null) === token) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}
