import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import type { AddressInfo } from 'node:net'

/** What can be had at best over a WebSocket: a server that answers every message at once with the same bytes. */
export interface ReadyAnswers {
  url: string
  stop(): Promise<void>
}

/**
 * Start it, in a process of its own.
 * @param parameters.png the picture in the answers
 */
export async function startReadyAnswers({ png }: { png: Buffer }): Promise<ReadyAnswers> {
  const child = fork(fileURLToPath(import.meta.url), { serialization: 'advanced' })
  child.send(png)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`expected the server of ready answers to listen, got exit code ${code}`)
  })
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [number]
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (png: Uint8Array) => {
    const images = [{ data: Buffer.from(png).toString('base64') }]
    const answer = Buffer.from(JSON.stringify({ type: 'observation', data: { observation: { images } } }))
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    server.on('connection', (socket) => socket.on('message', () => socket.send(answer, { binary: false })))
    server.once('listening', () => process.send?.((server.address() as AddressInfo).port))
  })
  process.once('disconnect', () => process.exit())
}
