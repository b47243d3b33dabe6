import { request as requestHttp, type IncomingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import { abortErrorOf } from './abort-error.js'

/** How one HTTP request ended. */
export type ExchangeOutcome<Body> =
  | { kind: 'answer'; status: number; statusText: string; headers: IncomingHttpHeaders; body: Body }
  /** No whole answer came: refused, reset, closed in the middle of the body, bad certificate. */
  | { kind: 'connection'; code: string; cause: Error }
  | { kind: 'deadline'; timeoutMs: number }
  /** `body`: its beginning. */
  | { kind: 'too-long'; maxBytes: number; status: number; body: Body }

export interface ExchangeRequest {
  url: URL
  method: 'GET' | 'POST' | 'PUT'
  /** By name in lower case; they replace those that are sent without. */
  headers: Readonly<Record<string, string>>
  /** Text is sent as UTF-8; what it is says `content-type`, else JSON. */
  body?: string | Uint8Array | undefined
  /** From the start to the last byte of the answer. */
  timeoutMs: number
  maxBytes: number
  signal?: AbortSignal | undefined
}

/**
 * One HTTP request and its whole answer, bounded in time and size.
 *
 * Over node:http and not over fetch or the `openai` package's client, because those were tried and found unbounded: fetch gives up on a
 * server that needs more than five minutes to its first byte, however long it may take; the package's timeout ends with the headers, so
 * a body that stalls is waited for without end (200 ms asked, still waiting after 4 s), and it reads the body of an error whole (an endless
 * one grew the process by 300 MB a second). Redirects are not followed: they would carry the key elsewhere.
 *
 * One connection a request: calls last seconds, and a kept connection that the server has just closed looks like a failed call.
 *
 * @throws AbortError at once when the signal is aborted; everything else is an outcome
 */
export async function exchangeBytes(parameters: ExchangeRequest): Promise<ExchangeOutcome<Buffer>> {
  const { url, method, headers, body, timeoutMs, maxBytes, signal } = parameters
  if (signal?.aborted) throw abortErrorOf(signal)
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const outgoing = send(url, {
    method,
    agent: false,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
      ...headers,
    },
  })

  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  try {
    return await new Promise<ExchangeOutcome<Buffer>>((resolve, reject) => {
      const onError = (error: Error & { code?: string }): void =>
        resolve({ kind: 'connection', code: error.code ?? error.name, cause: error })
      timer = setTimeout(() => resolve({ kind: 'deadline', timeoutMs }), timeoutMs)
      onAbort = () => signal && reject(abortErrorOf(signal))
      signal?.addEventListener('abort', onAbort, { once: true })

      let isAnswering = false
      // A server that refuses early closes while the request is still being written: its answer is what counts.
      outgoing.on('error', (error) => isAnswering || onError(error))
      outgoing.on('response', (incoming) => {
        isAnswering = true
        const { statusCode: status = 0, statusMessage: statusText = '' } = incoming
        const chunks: Buffer[] = []
        let size = 0
        incoming.on('error', onError)
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size <= maxBytes) chunks.push(chunk)
          else resolve({ kind: 'too-long', maxBytes, status, body: Buffer.concat(chunks) })
        })
        incoming.on('end', () => {
          const { headers } = incoming
          resolve({ kind: 'answer', status, statusText, headers, body: Buffer.concat(chunks) })
        })
      })
      outgoing.end(bytes)
    })
  } finally {
    clearTimeout(timer)
    if (onAbort) signal?.removeEventListener('abort', onAbort)
    outgoing.destroy()
  }
}
