import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectSocket } from '../bridge/socket-wire.js'
import { SandboxError } from '../core/errors.js'
import type { Runtime } from './runtime.js'

/** A container that died is started anew by whoever runs it; that may take so long. */
const PATIENCE_MS = 15_000
const LOOK_AGAIN_MS = 100
const SOCKET = 'sandbox.sock'
const EXCHANGE = 'exchange'

/**
 * Sandboxes that already run (`bootstrap.py --listen SOCKET --exchange DIRECTORY`) and wait on unix sockets. The exchange directory of each is the folder
 * `exchange` beside its socket.
 * @param path a socket, or a folder that holds sockets (`*.sock`) or one folder for each sandbox, with `sandbox.sock` in it.
 * @throws SandboxError where the folder holds none.
 */
export async function runningHostRuntime({ path }: { path: string }): Promise<Runtime> {
  const sockets = await findSockets(path)
  const socketOf = (number: number): string => sockets[(number - 1) % sockets.length] ?? path
  return {
    name: 'socket',
    exchangeOwner: undefined,
    replicas: sockets.length,
    sharedFolder: async ({ number }) => appearance(join(dirname(socketOf(number)), EXCHANGE)),
    start: async ({ number, exchange, spare, signal }) =>
      connectSocket({
        path: socketOf(number),
        greeting: JSON.stringify({ exchange: basename(exchange), spare }),
        patienceMs: PATIENCE_MS,
        signal,
      }),
  }
}

/** Sockets by name; of a folder in which a sandbox has not started yet, the one that it will make. */
async function findSockets(path: string): Promise<string[]> {
  const status = await stat(path).catch(() => undefined)
  if (!status?.isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const sockets = entries.flatMap((entry) => {
    if (entry.isDirectory() && entry.name !== EXCHANGE) return [join(path, entry.name, SOCKET)]
    return entry.isSocket() && entry.name.endsWith('.sock') ? [join(path, entry.name)] : []
  })
  if (sockets.length > 0) return sockets.sort()
  throw new SandboxError(
    `${path} holds no sandbox: expected sockets (*.sock), or folders in which a sandbox has its ${SOCKET}. Start one: bootstrap.py --listen ${join(path, SOCKET)} --exchange ${join(path, EXCHANGE)}`,
  )
}

/** A sandbox makes its exchange directory before it listens. */
async function appearance(folder: string): Promise<string> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (;;) {
    const status = await stat(folder).catch(() => undefined)
    if (status?.isDirectory()) return folder
    if (performance.now() > giveUpAt)
      throw new SandboxError(
        `No sandbox has started at ${dirname(folder)}: its exchange directory ${folder} is not there. Start one: bootstrap.py --listen ${join(dirname(folder), SOCKET)} --exchange ${folder}`,
      )
    await sleep(LOOK_AGAIN_MS)
  }
}
