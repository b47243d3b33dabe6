import { WebSocket } from 'ws'
import { z } from 'zod'
import { unlessAborted } from '../../core/unless-aborted.js'
import type { ServiceUnderTest } from './conformance-client.js'

/** A handshake, an answer, and an end are waited for no longer. */
const HANDSHAKE_MS = 30_000
const ANSWER_MS = 120_000
const CLOSE_MS = 5_000

const toldSchema = z.object({
  type: z.string(),
  data: z
    .looseObject({
      observation: z.record(z.string(), z.unknown()).optional(),
      reward: z.number().nullish(),
      done: z.boolean().optional(),
      message: z.string().optional(),
      code: z.string().optional(),
    })
    .default({}),
})

/** A message of the service; one without data has empty ones. */
export type Told = z.output<typeof toldSchema>

/** One WebSocket to a service, spoken to message by message. */
export class OpenEnvClient {
  readonly socket: WebSocket
  private readonly signal: AbortSignal | undefined
  private readonly arrived: (Told | Error)[] = []
  private readonly waiting: { resolve: (told: Told) => void; reject: (error: Error) => void }[] = []
  /** The code with which it was closed. */
  readonly closed: Promise<number>

  private constructor(socket: WebSocket, signal: AbortSignal | undefined) {
    this.socket = socket
    this.signal = signal
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

  /** @throws Error where no WebSocket is opened; the reason of the signal. */
  static async connect({
    url,
    token,
    signal,
    headers = {},
  }: ServiceUnderTest & { headers?: Readonly<Record<string, string>> }): Promise<OpenEnvClient> {
    signal?.throwIfAborted()
    const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws`, {
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
      handshakeTimeout: HANDSHAKE_MS,
    })
    const opened = new Promise((resolve, reject) => socket.once('open', resolve).on('error', reject))
    try {
      await unlessAborted(opened, signal)
    } catch (error) {
      socket.terminate()
      throw error
    }
    return new OpenEnvClient(socket, signal)
  }

  async ask(type: string, data?: unknown): Promise<Told> {
    return this.send(JSON.stringify(data === undefined ? { type } : { type, data }))
  }

  async send(text: string | Buffer): Promise<Told> {
    this.socket.send(text)
    return this.next()
  }

  /** @throws Error where the connection ends instead, or what comes is no message, or nothing does; the reason of the signal. */
  async next(): Promise<Told> {
    const told = this.arrived.shift()
    if (told instanceof Error) throw told
    if (told !== undefined) return told
    if (this.socket.readyState === WebSocket.CLOSED) throw closedInstead(await this.closed)
    const answer = new Promise<Told>((resolve, reject) => this.waiting.push({ resolve, reject }))
    return unlessAborted(this.within(ANSWER_MS, 'an answer', answer), this.signal)
  }

  /** The code with which the other side ends the connection. @throws Error where it does not; the reason of the signal. */
  async end(): Promise<number> {
    return unlessAborted(this.within(CLOSE_MS, 'the end of the connection', this.closed), this.signal)
  }

  /** End the connection; where the other side does not answer, or after an abort, without it. */
  async close(): Promise<void> {
    this.socket.close()
    await this.end().catch(() => this.socket.terminate())
    await this.closed
  }

  private within<Value>(limitMs: number, what: string, value: Promise<Value>): Promise<Value> {
    const error = (): Error => new Error(`expected ${what} within ${limitMs / 1_000} s, got none`)
    return unlessAborted(value, AbortSignal.timeout(limitMs), error)
  }
}

function toldIn(text: string): Told | Error {
  const read = toldSchema.safeParse(jsonIn(text))
  return read.success
    ? read.data
    : new Error(
        `expected a message in JSON with type and data, got ${text.slice(0, 100)} (${z.prettifyError(read.error)})`,
      )
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function closedInstead(code: number): Error {
  return new Error(`expected an answer, got the end of the connection (code ${code})`)
}
