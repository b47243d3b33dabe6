import { WebSocket } from 'ws'
import { unlessAborted } from '../../core/unless-aborted.js'

/** A handshake, and an answer, is waited for no longer. */
const HANDSHAKE_MS = 30_000
const ANSWER_MS = 120_000

export interface Told {
  type: string
  data: Record<string, unknown> & {
    observation?: Record<string, unknown>
    reward?: number | null
    done?: boolean
    message?: string
    code?: string
  }
}

/** One WebSocket to a service, spoken to message by message. */
export class OpenEnvClient {
  readonly socket: WebSocket
  private readonly arrived: (Told | Error)[] = []
  private readonly waiting: { resolve: (told: Told) => void; reject: (error: Error) => void }[] = []
  /** The code with which it was closed. */
  readonly closed: Promise<number>

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      const told = toldIn(String(data))
      const next = this.waiting.shift()
      if (next === undefined) this.arrived.push(told)
      else if (told instanceof Error) next.reject(told)
      else next.resolve(told)
    })
    this.closed = new Promise((resolve) => socket.once('close', resolve))
    // Of a connection that is closed nothing more comes.
    socket.once('close', (code: number) => {
      for (const { reject } of this.waiting.splice(0)) reject(closedInstead(code))
    })
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<OpenEnvClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, {
      headers,
      handshakeTimeout: HANDSHAKE_MS,
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new OpenEnvClient(socket)
  }

  async ask(type: string, data?: unknown): Promise<Told> {
    return this.send(JSON.stringify(data === undefined ? { type } : { type, data }))
  }

  async send(text: string | Buffer): Promise<Told> {
    this.socket.send(text)
    return this.next()
  }

  /** @throws Error where the connection ends instead, or what comes is no message, or nothing does. */
  async next(): Promise<Told> {
    const told = this.arrived.shift()
    if (told instanceof Error) throw told
    if (told !== undefined) return told
    if (this.socket.readyState === WebSocket.CLOSED) throw closedInstead(await this.closed)
    return unlessAborted(
      new Promise<Told>((resolve, reject) => this.waiting.push({ resolve, reject })),
      AbortSignal.timeout(ANSWER_MS),
      () => new Error(`expected an answer within ${ANSWER_MS / 1_000} s, got none`),
    )
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }
}

function toldIn(text: string): Told | Error {
  try {
    return JSON.parse(text) as Told
  } catch {
    return new Error(`expected a message in JSON, got ${text.slice(0, 100)}`)
  }
}

function closedInstead(code: number): Error {
  return new Error(`expected an answer, got the end of the connection (code ${code})`)
}
