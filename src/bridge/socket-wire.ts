import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../core/error-code.js'
import { BridgeError } from '../core/errors.js'
import type { Wire } from './wire.js'

export interface SocketWireParameters {
  path: string
  /** Sent first, as one line: what the other side wants to know before the bridge begins. */
  greeting: string
  /** How long nobody may listen there yet, such as while a container starts anew. */
  patienceMs: number
  signal?: AbortSignal | undefined
}

const RETRY_MS = 100
/** Nobody listens now: no such file, a file that a dead process left, more callers than it takes at once. */
const LATER = ['ENOENT', 'ECONNREFUSED', 'EAGAIN']

/** A wire over a unix socket on which a host already waits. @throws BridgeError (retryable) where none does. */
export async function connectSocket({
  path,
  greeting,
  patienceMs,
  signal,
}: SocketWireParameters): Promise<Wire> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const socket = connect({ path })
    try {
      await once(socket, 'connect', signal ? { signal } : {})
      socket.write(`${greeting}\n`)
      let failure: string | undefined
      const ended = new Promise<string>((resolve) => {
        socket.on('error', (error) => (failure = error.message))
        socket.on('close', () => resolve(failure ?? 'it closed the connection'))
      })
      return { input: socket, output: socket, ended, kill: () => socket.destroy() }
    } catch (cause) {
      socket.destroy()
      if (signal?.aborted) throw cause
      if (!LATER.includes(errorCode(cause) ?? '') || performance.now() > giveUpAt)
        throw new BridgeError(
          `Nobody answers on ${path} (${(cause as Error).message}). Start a sandbox there: bootstrap.py --listen ${path}`,
          { cause, isRetryable: true },
        )
      await sleep(RETRY_MS, undefined, signal ? { signal } : {})
    }
  }
}
