import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What the server does with one request. */
export interface ScriptedStep {
  status?: number
  headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  body?: string | Buffer | object
  delayMs?: number
  /** Close the connection before anything is answered, or when half of the body is sent. */
  drop?: 'before' | 'mid-body'
  /** Never answer, send half of the body and then nothing, or send spaces without end behind the body. */
  endless?: 'silence' | 'stall' | 'body'
}

export interface RecordedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** The body as it came. */
  text: string
  /** The body as JSON; undefined where there is none. */
  json: unknown
}

export interface ScriptedServer {
  /** Address to give to a client, ending in /v1. */
  readonly baseUrl: string
  readonly requests: readonly RecordedRequest[]
  /** Resolves when `count` requests have arrived. */
  arrived(count: number): Promise<void>
  close(): Promise<void>
}

/**
 * A real HTTP server on loopback that answers from a script, one step a request in the order of their arrival, or from a function.
 * A request past the end of the script gets status 418, which no client tries again.
 */
export async function startScriptedServer(
  behaviour:
    | { script: readonly ScriptedStep[] }
    | { handler: (request: RecordedRequest, index: number) => ScriptedStep | Promise<ScriptedStep> },
): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const stepOf = (request: RecordedRequest, index: number): ScriptedStep | Promise<ScriptedStep> =>
    'handler' in behaviour
      ? behaviour.handler(request, index)
      : (behaviour.script[index] ?? { status: 418, body: 'The script has no further step.' })

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A client that goes away while it writes is not recorded: no request came.
    incoming.on('end', async () => {
      const text = Buffer.concat(chunks).toString('utf8')
      const request: RecordedRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        text,
        json: text === '' ? undefined : JSON.parse(text),
      }
      const index = requests.push(request) - 1
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve()
      await play(response, await stepOf(request, index))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    arrived: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function play(response: ServerResponse, step: ScriptedStep): Promise<void> {
  const { status = 200, headers = {}, body = '', delayMs = 0, drop, endless } = step
  if (delayMs > 0) await wait(delayMs)
  if (drop === 'before') {
    response.destroy()
    return
  }
  if (endless === 'silence') return
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  const bytes = isText ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
  const type = isText ? {} : { 'content-type': 'application/json' }
  if (endless === 'body') {
    response.writeHead(status, { ...type, ...headers })
    response.write(bytes)
    const filler = Buffer.alloc(65_536, ' ')
    const pump = (): void => {
      while (!response.destroyed && response.write(filler));
    }
    response.on('drain', pump)
    pump()
    return
  }
  response.writeHead(status, { ...type, 'content-length': bytes.length, ...headers })
  if (drop === 'mid-body' || endless === 'stall') {
    const half = bytes.subarray(0, Math.ceil(bytes.length / 2))
    response.write(half, () => drop && response.destroy())
    return
  }
  response.end(bytes)
}
