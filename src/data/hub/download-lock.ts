import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '../../core/error-code.js'

const POLL_MS = 500

/**
 * Do something that only one process of this machine may do at a time, such as writing a partial file; others wait. The lock of a process that was killed is
 * taken over.
 */
export async function withDownloadLock<Value>({
  path,
  signal,
  work,
}: {
  /** The lock's file. */
  path: string
  signal?: AbortSignal | undefined
  work: () => Promise<Value>
}): Promise<Value> {
  await mkdir(dirname(path), { recursive: true })
  while (!(await take(path))) await pause(POLL_MS, undefined, { ...(signal && { signal }) })
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx')
    try {
      await handle.writeFile(`${hostname()} ${process.pid}`)
    } finally {
      await handle.close()
    }
    return true
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause
  }
  const [host, pid] = (await readFile(path, 'utf8').catch(() => '')).split(' ')
  if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) await rm(path, { force: true })
  return false
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return errorCode(cause) !== 'ESRCH'
  }
}
