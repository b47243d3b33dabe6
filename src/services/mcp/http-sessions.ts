import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { ServiceError } from '../service-error.js'
import type { McpConnection, McpConnections } from './mcp-connections.js'
import type { McpLimits } from './mcp-limits.js'

export interface HttpSessionsParameters {
  connections: McpConnections
  limits: Pick<McpLimits, 'sessions' | 'sessionsPerClient'>
  /** How long a session lives to which nobody is connected. */
  leaseMs: number
  now: () => number
  onExpired: (count: number) => void
  onCloseFailed: (error: unknown) => void
}

const LONGEST_WAIT_MS = 30_000

/** One connection of the protocol over many of HTTP. */
export class HttpSession {
  readonly id: string
  readonly client: string
  readonly connection: McpConnection
  readonly transport: StreamableHTTPServerTransport
  /** Answers that are not at their end: calls that run, and the stream that a client keeps open. */
  openAnswers = 0
  expiresAt = Infinity

  constructor({ client, connection }: { client: string; connection: McpConnection }) {
    const id = randomUUID()
    this.id = id
    this.client = client
    this.connection = connection
    this.transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => id })
  }

  /** It came to be: the client's first message was a right one. */
  get isInitialized(): boolean {
    return this.transport.sessionId !== undefined
  }

  async connect(): Promise<void> {
    // Its declaration has `undefined` where ours has absence.
    await this.connection.server.connect(this.transport as Transport)
  }
}

/** The sessions over HTTP, by their `Mcp-Session-Id`; each belongs to the client that began it. */
export class HttpSessions {
  private readonly parameters: HttpSessionsParameters
  private readonly sessions = new Map<string, HttpSession>()
  private readonly closing = new Set<Promise<void>>()

  constructor(parameters: HttpSessionsParameters) {
    this.parameters = parameters
  }

  get size(): number {
    return this.sessions.size
  }

  /**
   * Begin a session, in the place of an idle one without images where all are taken.
   * @throws ServiceError (429) where there is no room.
   */
  async begin({ client }: { client: string }): Promise<HttpSession> {
    this.sweep()
    this.expectRoom(client)
    const { connections } = this.parameters
    const session = new HttpSession({ client, connection: connections.open({ client }) })
    this.sessions.set(session.id, session)
    session.connection.server.onclose = () => this.end(session)
    await session.connect()
    return session
  }

  /** @throws ServiceError: 400 without an id, 404 for one that is unknown, over, or another client's. */
  find({ client, id }: { client: string; id: string | undefined }): HttpSession {
    this.sweep()
    if (id === undefined)
      throw new ServiceError({
        status: 400,
        code: 'no_session_id',
        message: 'The header Mcp-Session-Id is missing.',
        hint: 'Begin with an initialize request; its answer has the id.',
      })
    const session = this.sessions.get(id)
    if (session?.client === client) return session
    throw new ServiceError({
      status: 404,
      code: 'no_such_session',
      message: 'There is no such session: it was ended, or nobody was connected to it for a while.',
      hint: 'Begin another one with an initialize request.',
    })
  }

  /** Let the transport answer a request. The session is in use until the answer is at its end. */
  async answer({
    session,
    request,
    response,
    body,
  }: {
    session: HttpSession
    request: IncomingMessage
    response: ServerResponse
    body: unknown
  }): Promise<void> {
    session.openAnswers += 1
    response.once('close', () => {
      session.openAnswers -= 1
      session.expiresAt = this.parameters.now() + this.parameters.leaseMs
      if (!session.isInitialized) this.end(session)
    })
    await session.transport.handleRequest(request, response, body)
  }

  /** End what is not used: nobody is connected, nothing runs, and the lease is over. */
  sweep(): void {
    const now = this.parameters.now()
    const expired = [...this.sessions.values()].filter(
      (session) => isIdle(session) && session.expiresAt <= now,
    )
    for (const session of expired) this.end(session)
    if (expired.length > 0) this.parameters.onExpired(expired.length)
  }

  /** Close the streams that clients keep open, so that the service can end. */
  endStreams(): void {
    for (const { transport } of this.sessions.values()) transport.closeStandaloneSSEStream()
  }

  async closeAll(): Promise<void> {
    for (const session of [...this.sessions.values()]) this.end(session)
    await Promise.all(this.closing)
  }

  private end(session: HttpSession): void {
    if (!this.sessions.delete(session.id)) return
    const { connections, onCloseFailed } = this.parameters
    const closing = Promise.all([session.transport.close(), connections.close(session.connection)])
      .then(() => undefined, onCloseFailed)
      .finally(() => this.closing.delete(closing))
    this.closing.add(closing)
  }

  /** End the session that was idle longest, among those to which nobody is connected and that hold nothing. */
  private makeRoom(among: readonly HttpSession[]): void {
    const idle = among.filter((session) => isIdle(session) && session.connection.session.images.length === 0)
    const [longest] = idle.sort((one, other) => one.expiresAt - other.expiresAt)
    if (longest !== undefined) this.end(longest)
  }

  private expectRoom(client: string): void {
    const { limits } = this.parameters
    const all = (): HttpSession[] => [...this.sessions.values()]
    const mine = (): HttpSession[] => all().filter((session) => session.client === client)
    if (mine().length >= limits.sessionsPerClient) this.makeRoom(mine())
    if (this.size >= limits.sessions) this.makeRoom(all())
    const { length: count } = mine()
    if (count >= limits.sessionsPerClient)
      throw this.refusal({
        code: 'too_many_sessions_of_client',
        message: `This client has ${count} sessions; ${limits.sessionsPerClient} are allowed.`,
        among: mine(),
      })
    if (this.size >= limits.sessions)
      throw this.refusal({
        code: 'too_many_sessions',
        message: `${this.size} sessions are open; ${limits.sessions} are allowed.`,
        among: all(),
      })
  }

  /** @param given.among of which one must end first */
  private refusal({
    code,
    message,
    among,
  }: {
    code: string
    message: string
    among: readonly HttpSession[]
  }): ServiceError {
    // The next lease that ends; clients may end their sessions before.
    const ends = among.filter(isIdle).map(({ expiresAt }) => expiresAt - this.parameters.now())
    const wait = Math.ceil(Math.min(LONGEST_WAIT_MS, ...ends) / 1000)
    return new ServiceError({
      ...{ status: 429, code, message, retryAfterSeconds: Math.max(1, wait) },
      hint: 'End sessions that are done (DELETE with their Mcp-Session-Id), or try again after Retry-After seconds.',
    })
  }
}

/** It has been answered, nobody is connected, and nothing runs. */
function isIdle({ openAnswers, expiresAt, connection }: HttpSession): boolean {
  return openAnswers === 0 && expiresAt < Infinity && !connection.session.isBusy
}
