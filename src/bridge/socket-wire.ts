import { connect } from 'node:net'
import type { Wire } from './wire.js'

/** A wire over a unix socket on which a host already waits. */
export function connectSocket({ path }: { path: string }): Wire {
  const socket = connect({ path })
  let failure: string | undefined
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error) => (failure = error.message))
    socket.on('close', () => resolve(failure ?? 'it closed the connection'))
  })
  return { input: socket, output: socket, ended, kill: () => socket.destroy() }
}
