import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { exchange } from './exchange.js'
import type { ExchangeRequest } from './exchange-bytes.js'

const open: (Server | TcpServer)[] = []
afterEach(() => open.splice(0).forEach((server) => server.close()))

async function urlOf(server: Server | TcpServer): Promise<URL> {
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const get = (parameters: Partial<ExchangeRequest> & { url: URL }) =>
  exchange({ method: 'GET', headers: {}, timeoutMs: 30_000, maxBytes: 1000, ...parameters })

describe('exchange', () => {
  test('an abort rejects and closes the connection, so that the server can stop', async () => {
    const server = createServer()
    const url = await urlOf(server)
    const controller = new AbortController()
    const arrived = once(server, 'request')
    const call = get({ url, signal: controller.signal })
    const [, response] = await arrived
    const closed = once(response, 'close')
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await closed
  })

  test('a deadline closes the connection too', async () => {
    const server = createServer()
    const url = await urlOf(server)
    const arrived = once(server, 'request')
    const call = get({ url, timeoutMs: 500 })
    const [, response] = await arrived
    const closed = once(response, 'close')
    expect(await call).toEqual({ kind: 'deadline', timeoutMs: 500 })
    await closed
  })

  test('a server that refuses a large body before it has read it is heard', async () => {
    const url = await urlOf(
      createTcpServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () =>
          socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\nconnection: close\r\n\r\nbig'),
        )
        // Its reader is slow: the client still writes when the answer comes.
        socket.pause().setTimeout(50, () => socket.resume())
      }),
    )
    const outcome = await get({ url, method: 'POST', body: 'x'.repeat(20_000_000) })
    expect(outcome).toMatchObject({ kind: 'answer', status: 413, body: 'big' })
  })

  test('something that is not HTTP is a failed connection', async () => {
    const url = await urlOf(createTcpServer((socket) => socket.end('220 mail ready\r\n')))
    expect(await get({ url })).toMatchObject({ kind: 'connection' })
  })

  test('text arrives whole, however its characters are cut by packets', async () => {
    const text = Buffer.from('"süß 🙂"')
    const server = createServer((_, response) => {
      response.writeHead(200)
      for (const byte of text) response.write(Buffer.from([byte]))
      response.end()
    })
    expect(await get({ url: await urlOf(server) })).toMatchObject({ body: text.toString() })
  })
})
