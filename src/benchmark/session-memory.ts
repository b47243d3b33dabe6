import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox, type RuntimeChoice } from '../wiring.js'
import { fileOfItsOwn } from './file-of-its-own.js'
import type { NoiseImages } from './noise-image.js'
import { treeUse } from './process-tree.js'
import { WORKS } from './work.js'

export interface SessionMemory {
  sessions: number
  /** Side of the one image of each session. */
  size: number
  /** Of this process, the sandbox and the images: before a session is open, with all open, and after each has made one call. */
  idleBytes: number
  openBytes: number
  calledBytes: number
  /** What one open session costs. */
  bytesPerSession: number
}

const AT_ONCE = 8
const SETTLE_MS = 1_000

/** How much memory many open sessions hold. */
export async function measureSessionMemory({
  runtime,
  images,
  sessions: count,
  size,
}: {
  runtime: RuntimeChoice
  images: NoiseImages
  sessions: number
  size: number
}): Promise<SessionMemory> {
  const { png } = await images.get(size)
  const sandbox = await createSandbox({ runtime })
  try {
    const held = async (): Promise<number> => {
      await sleep(SETTLE_MS)
      return treeUse().memoryBytes + (sandbox.stats?.().bytes ?? 0)
    }
    const idleBytes = await held()
    const files = Array.from({ length: count }, (_, number) => fileOfItsOwn({ png, number }))
    const sessions = await inGroups(files, (file) => sandbox.open([file]))
    const openBytes = await held()
    await inGroups(sessions, (session) => session.execute({ code: WORKS.rotate }))
    const calledBytes = await held()
    const bytesPerSession = Math.round((openBytes - idleBytes) / count)
    return { sessions: count, size, idleBytes, openBytes, calledBytes, bytesPerSession }
  } finally {
    await sandbox.close()
  }
}

async function inGroups<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < items.length; start += AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(action))))
  return results
}
