import type { WebSocket } from 'ws'
import { jsonBytes } from '../base64.js'
import { drained } from '../http-service.js'
import { ServiceError } from '../service-error.js'
import { ended } from './episode-errors.js'
import { openEnvError } from './openenv-errors.js'
import type { OpenEnvSession, ServerMessage } from './openenv-session.js'

/** Messages of one connection that may wait; clients send one and wait for its answer. */
const BACKLOG = 32
const GOING_AWAY = 1001
const NORMAL = 1000

/** One WebSocket: messages are answered one after the other, in their order; what its client began ends with it. */
export class OpenEnvConnection {
  private readonly socket: WebSocket
  private readonly session: OpenEnvSession
  private readonly onError: (error: Error) => void
  private readonly patienceMs: number
  private readonly now: () => number
  private waiting = 0
  private chain: Promise<void> = Promise.resolve()
  private isLeaving = false
  /** When the first ping was sent that nothing has come after; null where something has. */
  private silentSince: number | null = null

  constructor({
    socket,
    session,
    patienceMs,
    now,
    onError,
    onClosed,
  }: {
    socket: WebSocket
    session: OpenEnvSession
    /** A client may leave pings unanswered for so long: one that computes in its event loop does. */
    patienceMs: number
    /** Milliseconds of a clock that never goes back. */
    now: () => number
    /** Told of what ends it beside the client: a message that is too large (1009), or that is none; and of what went wrong with no message's answer. */
    onError: (error: Error) => void
    onClosed: () => void
  }) {
    this.socket = socket
    this.session = session
    this.patienceMs = patienceMs
    this.now = now
    this.onError = onError
    socket.on('message', (data, isBinary) => this.receive(textOf(data), isBinary))
    socket.on('pong', () => (this.silentSince = null))
    socket.on('error', onError)
    socket.once('close', () => {
      void this.session.leave(ended('the connection was closed')).catch(onError).finally(onClosed)
    })
  }

  /** A client that nothing came from for the length of the patience is gone, even where its machine did not say so. */
  ping(): void {
    const now = this.now()
    this.silentSince ??= now
    if (now - this.silentSince >= this.patienceMs) return this.socket.terminate()
    this.socket.ping()
  }

  /** Take no more messages; close when those that came are answered. */
  leave(): void {
    this.isLeaving = true
    void this.chain.then(() => this.socket.close(GOING_AWAY, 'the service is ending'))
  }

  terminate(): void {
    this.socket.terminate()
  }

  private receive(text: string, isBinary: boolean): void {
    this.silentSince = null
    if (this.isLeaving) return this.send(openEnvError(drained()))
    if (isBinary) return this.send(openEnvError(binary(), 'INVALID_JSON'))
    if (this.waiting >= BACKLOG) return this.send(openEnvError(tooMany()))
    this.waiting += 1
    this.chain = this.chain.then(async () => {
      try {
        const answer = await this.session.answer(text)
        if (answer === null) this.socket.close(NORMAL)
        else this.send(answer)
      } catch (error) {
        // Whatever one client's message does, the others' episodes go on.
        this.onError(error as Error)
        this.send(openEnvError(error))
      } finally {
        this.waiting -= 1
      }
    })
  }

  private send(message: ServerMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(jsonBytes(message), { binary: false })
  }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}

function binary(): ServiceError {
  return new ServiceError({
    status: 400,
    code: 'bad_json',
    message: 'Expected a text message that holds one JSON object, got a binary one.',
    hint: 'Send text frames.',
  })
}

function tooMany(): ServiceError {
  return new ServiceError({
    status: 429,
    code: 'too_many_messages',
    message: `${BACKLOG} messages of this connection wait already; no more may.`,
    hint: 'Wait for the answer to a message before the next is sent.',
    retryAfterSeconds: 1,
  })
}
