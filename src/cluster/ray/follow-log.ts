import { WebSocket } from 'ws'
import type { RayClient } from './ray-client.js'

/** How a connection to a log ended: `closed` by the server, which has no more to tell or has lost it. */
export type LogEnd = { kind: 'closed' } | { kind: 'failed'; reason: string }

/**
 * Follow a job's log over one WebSocket, from its beginning. What it ends with says nothing of the job.
 * @param parameters.skip characters that are known already
 * @param parameters.onText told what is new, and the connection's first text even where all of it is known
 */
export function followLog({
  client,
  id,
  skip,
  onText,
  signal,
}: {
  client: RayClient
  id: string
  skip: number
  onText: (text: string) => void
  signal: AbortSignal
}): Promise<LogEnd> {
  const { url, headers } = client.tail(id)
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers: { ...headers }, maxPayload: 64 * 2 ** 20 })
    let seen = 0
    const end = (how: LogEnd): void => {
      signal.removeEventListener('abort', onAbort)
      resolve(how)
    }
    const onAbort = (): void => {
      socket.terminate()
      end({ kind: 'closed' })
    }
    socket.on('message', (data) => {
      const text = String(data)
      const known = Math.max(0, Math.min(text.length, skip - seen))
      seen += text.length
      if (known < text.length && !signal.aborted) onText(text.slice(known))
    })
    socket.on('error', (error) => end({ kind: 'failed', reason: error.message }))
    socket.on('close', () => end({ kind: 'closed' }))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
