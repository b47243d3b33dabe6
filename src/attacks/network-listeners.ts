import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { NetworkTargets } from './list/network.js'

export interface NetworkListeners extends NetworkTargets {
  /** Connections that arrived; any is a hole. */
  readonly heard: number
  close(): Promise<void>
}

/** Servers that attacks try to reach. */
export async function openListeners(): Promise<NetworkListeners> {
  let heard = 0
  const abstract = `codevision-attacks-${process.pid}`
  const servers = [0, `\0${abstract}`].map((target) => {
    const server = createServer((socket) => {
      heard += 1
      socket.destroy()
    })
    if (typeof target === 'number') server.listen(target, '127.0.0.1')
    else server.listen(target)
    return server
  })
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const port = (servers[0]?.address() as AddressInfo).port
  return {
    port,
    abstract,
    get heard() {
      return heard
    },
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}
