import { randomUUID } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'

/** Who writes a run: a process number alone is used again by the system, so its start is kept too. */
const ownerSchema = z.object({
  pid: z.number().int(),
  host: z.string(),
  /** What the system says of the process's start; null where it does not say. */
  started: z.string().nullable(),
  token: z.string(),
})

export type LockOwner = z.infer<typeof ownerSchema>

/** The right to write a run; `release` may be called twice. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Take the lock at `path`. One that a dead process of this machine left behind is taken over.
 * @throws StoreError naming the process when another one is writing.
 */
export async function takeLock(path: string): Promise<Lock> {
  const mine: LockOwner = {
    pid: process.pid,
    host: hostname(),
    started: await processStart(process.pid),
    token: randomUUID(),
  }
  for (;;) {
    if (await create({ path, owner: mine })) break
    const owner = await readOwner(path)
    if (owner === 'gone') continue
    if (await isLive(owner)) throw liveError({ path, owner })
    await moveAway({ path, token: owner?.token ?? null })
  }
  return {
    async release() {
      const owner = await readOwner(path)
      if (owner !== 'gone' && owner?.token === mine.token) await rm(path, { force: true })
    },
  }
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

async function isLive(owner: LockOwner | null): Promise<boolean> {
  if (owner === null) return false
  if (owner.host !== hostname()) return true // cannot be asked from here
  if (!exists(owner.pid)) return false
  const started = await processStart(owner.pid)
  return owner.started === null || started === null || started === owner.started
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

/** Take a dead process's lock away; where another process was faster and holds it now, give it back. */
async function moveAway({ path, token }: { path: string; token: string | null }): Promise<void> {
  const aside = `${path}.stale-${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return
    throw new StoreError(`${path} could not be taken over: ${String(cause)}`, { cause })
  }
  const moved = await readOwner(aside)
  if (moved !== 'gone' && moved !== null && moved.token !== token)
    await link(aside, path).catch(() => undefined)
  await rm(aside, { force: true })
}

function liveError({ path, owner }: { path: string; owner: LockOwner | null }): StoreError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`
  const elsewhere =
    owner === null || owner.host === hostname() ? '' : `; if that machine is gone for good, delete ${path}`
  return new StoreError(
    `This run is being written by ${who}: wait for it, or stop it, then try again${elsewhere}`,
  )
}
