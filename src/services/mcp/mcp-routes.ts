import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js'
import { expectBody } from '../expect-body.js'
import type { PageAccess } from '../page-access.js'
import type { HttpSession, HttpSessions } from './http-sessions.js'

const PATH = '/mcp'
/** So that a peer which vanished without a word is noticed. */
const KEEP_ALIVE_MS = 30_000

/** What pages need of streamable HTTP. @param origins those that may use it, beside pages of this machine */
export function mcpPages(origins: readonly string[]): PageAccess {
  return {
    origins,
    methods: ['GET', 'POST', 'DELETE'],
    requestHeaders: [
      ...['Content-Type', 'Authorization', 'Mcp-Session-Id', 'Mcp-Protocol-Version', 'Last-Event-ID'],
    ],
    answerHeaders: ['Mcp-Session-Id', 'Retry-After', 'WWW-Authenticate'],
  }
}

/** Streamable HTTP: every message of a client is a POST, GET keeps a stream open, DELETE ends the session. */
export function addMcpRoutes({ app, sessions }: { app: FastifyInstance; sessions: HttpSessions }): void {
  app.post(PATH, async (request, reply) => {
    expectBody(request.body)
    const isFirst = idOf(request) === undefined && isInitializeRequest(request.body)
    await answer(request, reply, isFirst ? await sessions.begin(request) : find(request))
  })
  app.get(PATH, async (request, reply) => {
    request.raw.socket.setKeepAlive(true, KEEP_ALIVE_MS)
    await answer(request, reply, find(request))
  })
  app.delete(PATH, async (request, reply) => answer(request, reply, find(request)))

  function find(request: FastifyRequest): HttpSession {
    return sessions.find({ client: request.client, id: idOf(request) })
  }

  /** From here on the transport writes, not the framework. */
  async function answer(request: FastifyRequest, reply: FastifyReply, session: HttpSession): Promise<void> {
    void reply.hijack()
    await sessions.answer({ session, request: request.raw, response: reply.raw, body: request.body })
  }
}

function idOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['mcp-session-id']
  return Array.isArray(id) ? id[0] : id
}
