import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js'
import { expectKnownOrigin } from '../access.js'
import type { HttpSession, HttpSessions } from './http-sessions.js'

const PATH = '/mcp'
/** So that a peer which vanished without a word is noticed. */
const KEEP_ALIVE_MS = 30_000

/** Streamable HTTP: every message of a client is a POST, GET keeps a stream open, DELETE ends the session. */
export function addMcpRoutes({
  app,
  sessions,
  origins,
}: {
  app: FastifyInstance
  sessions: HttpSessions
  /** Pages that may use the service, beside those of this machine. */
  origins: readonly string[]
}): void {
  app.addHook('onRequest', async ({ headers }) => expectKnownOrigin({ origin: headers.origin, origins }))

  app.post(PATH, async (request, reply) => {
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
