import { randomUUID } from 'node:crypto'
import { link, open, readFile, readlink, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'

/** In the folder of a run. */
export const LOCK_FILE = 'lock.json'

/** Who writes a run: a process number alone is used again by the system, so its start is kept too. */
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

/** The right to write a run; `release` may be called twice. */
export interface Lock {
  /** @throws StoreError when another process has taken the run over, since this one stood still for too long. */
  check(): Promise<void>
  release(): Promise<void>
}

const BEAT_MS = 4_000
/** A lock that was not touched for so many beats has no process any more. */
const MISSED_BEATS = 4

/**
 * Take the lock at `path`. One that a dead process left behind is taken over: of this machine at once, of another machine or container when its
 * file was not touched for a while, which is waited for.
 * @throws StoreError naming the process when another one is writing.
 */
export async function takeLock(path: string, { beatMs = BEAT_MS }: { beatMs?: number } = {}): Promise<Lock> {
  const mine: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: await processStart(process.pid),
    namespace: await pidNamespace(),
    beatMs,
    token: randomUUID(),
  }
  for (;;) {
    if (await create({ path, owner: mine })) break
    const owner = await readOwner(path)
    if (owner === 'gone') continue
    if (await isLive({ path, owner, namespace: mine.namespace })) throw liveError({ path, owner })
    await removeStale({ path, token: owner?.token ?? null })
  }
  const beat = setInterval(() => void touch({ path, token: mine.token }), beatMs)
  beat.unref()
  return {
    async check() {
      const owner = await readOwner(path)
      if (owner !== 'gone' && owner?.token === mine.token) return
      throw new StoreError(
        `${path} is not this process's any more: it was removed, or another process took the run over while this one stood still. What was finished before is kept.`,
      )
    },
    async release() {
      clearInterval(beat)
      const owner = await readOwner(path)
      if (owner !== 'gone' && owner?.token === mine.token) await rm(path, { force: true })
    },
  }
}

/**
 * Tell whether another process is writing, without taking the lock or anything else.
 * @throws StoreError naming it, as {@link takeLock} does.
 */
export async function expectUnlocked(path: string): Promise<void> {
  const owner = await readOwner(path)
  if (owner === 'gone') return
  if (await isLive({ path, owner, namespace: await pidNamespace() })) throw liveError({ path, owner })
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
    throw new StoreError(`${path} could not be written: ${String(cause)}`, { cause })
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
    throw new StoreError(`${path} could not be read: ${String(cause)}`, { cause })
  }
  try {
    return ownerSchema.parse(JSON.parse(text))
  } catch {
    return null // neither JSON nor a lock: nobody is known to hold it
  }
}

async function isLive({
  path,
  owner,
  namespace,
}: {
  path: string
  owner: LockOwner | null
  namespace: string | null | undefined
}): Promise<boolean> {
  if (owner === null) return false
  const isAsked = owner.host === hostname() && (owner.namespace ?? namespace) === namespace
  if (!isAsked) return isTouched({ path, owner })
  if (!exists(owner.pid)) return false
  const started = await processStart(owner.pid)
  return owner.started === null || started === null || started === owner.started
}

/** Of a process that cannot be asked from here: whether its file changes. Clocks are not compared, so theirs may be wrong. */
async function isTouched({
  path,
  owner: { beatMs, token },
}: {
  path: string
  owner: LockOwner
}): Promise<boolean> {
  if (beatMs === undefined) return true // older, and never touched
  const before = await touchedAt(path)
  for (let beat = 0; beat < MISSED_BEATS; beat++) {
    await sleep(beatMs)
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
    if (errorCode(cause) !== 'EEXIST')
      throw new StoreError(`${path} could not be taken over: ${String(cause)}`, { cause })
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

function liveError({ path, owner }: { path: string; owner: LockOwner | null }): StoreError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`
  const elsewhere =
    owner === null || owner.host === hostname() ? '' : `; if that machine is gone for good, delete ${path}`
  return new StoreError(
    `This run is being written by ${who}: wait for it, or stop it, then try again${elsewhere}`,
  )
}
