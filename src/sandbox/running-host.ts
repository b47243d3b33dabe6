import { dirname } from 'node:path'
import { connectSocket } from '../bridge/socket-wire.js'
import type { Runtime } from './runtime.js'

/**
 * A sandbox that already runs (`bootstrap.py --listen`) and waits on a unix socket; its exchange directory is the folder `exchange` beside the socket.
 */
export function runningHostRuntime({ path }: { path: string }): Runtime {
  return {
    name: 'socket',
    exchangeOwner: undefined,
    exchangeDirectory: () => `${dirname(path)}/exchange`,
    start: async () => connectSocket({ path }),
  }
}
