import websocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { HealthCheck } from '../health-check.js'
import { readRequest } from '../read-request.js'
import { ServiceError } from '../service-error.js'
import { replyOfAction } from './action.js'
import type { Environment } from './environment.js'
import { ended } from './episode-errors.js'
import type { EpisodeSession } from './episode-session.js'
import { OpenEnvConnection } from './openenv-connection.js'
import { openEnvMetadata, openEnvPaths, openEnvSchema } from './openenv-documents.js'
import { resetRequest, stepRequest } from './openenv-messages.js'
import { OpenEnvSession, stateOf } from './openenv-session.js'

export interface OpenEnvRoutesParameters {
  app: FastifyInstance
  environment: Environment
  health: HealthCheck
  /** Of this package. */
  version: string
  /** Connections that are open; whoever ends the service tells them to leave. */
  connections: Set<OpenEnvConnection>
  limits: { bodyBytes: number }
  /** Milliseconds of a clock that never goes back. */
  now: () => number
}

const rpc = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]).default(null),
  method: z.string(),
})

/** The routes of OpenEnv 0.3: /ws for episodes, and what its clients and tools ask for over HTTP. */
export function addOpenEnvRoutes({
  app,
  environment,
  health,
  version,
  connections,
  limits: { bodyBytes: maxPayload },
  now,
}: OpenEnvRoutesParameters): void {
  void app.register(websocket, {
    options: { maxPayload },
    preClose: (done) => {
      for (const connection of connections) connection.leave()
      done()
    },
  })
  void app.register(async (scope) => {
    scope.get(
      '/ws',
      { websocket: true, onRequest: async ({ headers }) => refuseBrowsers(headers) },
      (socket, request) => {
        const { client, log } = request
        const session = new OpenEnvSession({
          ...{ environment, client },
          onError: (error, { data: { detail } }) => {
            environment.parts.metrics.refusedWith(detail)
            if (!(error instanceof ServiceError) || error.status >= 500) log.error({ err: error }, detail)
          },
        })
        const connection = new OpenEnvConnection({
          ...{ socket, session, patienceMs: environment.parts.leaseMs, now },
          onError: (error) => log.warn({ err: error, client }, 'connection failed'),
          onClosed: () => {
            connections.delete(connection)
            log.info({ route: '/ws', client }, 'connection closed')
          },
        })
        connections.add(connection)
      },
    )
  })

  app.post(
    '/reset',
    { onRequest: async ({ headers }) => refuseBrowsers(headers) },
    async ({ body, client }) => {
      const { task, seed } = readRequest(resetRequest, body ?? {})
      return once({ client, choice: { task: task ?? undefined, seed: seed ?? undefined } }, (session) =>
        environment.opening(session),
      )
    },
  )
  app.post('/step', async ({ body, client }) => {
    const { task, seed, action } = readRequest(stepRequest, body)
    const choice = { task: task ?? undefined, seed: seed ?? undefined }
    if (choice.task === undefined && choice.seed === undefined) throw noTask()
    return once({ client, choice }, (session) => {
      const reply = replyOfAction({ action, toolName: environment.toolName, id: 'step-1' })
      return environment.step({ session, id: 'step-1', reply, signal: new AbortController().signal })
    })
  })
  app.get('/state', async () => stateOf(environment, null))
  app.get('/metadata', async () => openEnvMetadata({ version, tasks: environment.tasks.count }))
  app.get('/schema', async () => openEnvSchema())
  app.get('/openapi.json', async () => openEnvPaths({ version }))
  app.get('/health', async (_request, reply) => {
    try {
      await health.check()
      return { status: 'healthy' }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      return reply.status(error.status).send({ status: 'unhealthy', message: error.message })
    }
  })
  app.post('/mcp', async ({ body }) => noMethod(body))

  /** An episode for one request. */
  async function once<Answer>(
    {
      client,
      choice,
    }: { client: string; choice: { task: number | string | undefined; seed: number | undefined } },
    ask: (session: EpisodeSession) => Promise<Answer>,
  ): Promise<Answer> {
    const { session } = await environment.begin({ face: 'openenv', client, choice })
    try {
      return await ask(session)
    } finally {
      await environment.end(session, ended('HTTP has no session'))
    }
  }
}

/** A page in a browser may open a WebSocket, and send an empty POST, to any address unasked; it then names its origin. */
function refuseBrowsers({ origin }: { origin?: string | undefined }): void {
  if (origin === undefined) return
  throw new ServiceError({
    status: 403,
    code: 'foreign_origin',
    message: `Expected a client that is no page in a browser, got the origin ${origin.slice(0, 100)}.`,
    hint: 'Connect from a program, without the header Origin.',
  })
}

function noTask(): ServiceError {
  return new ServiceError({
    status: 422,
    code: 'no_task',
    message:
      'step: expected `task` or `seed` beside `action`, got neither; a step over HTTP has no episode to go on with.',
    hint: 'Name the task, or connect to /ws, where an episode has several steps.',
  })
}

/** Environments of OpenEnv that have no tools over MCP answer so. */
function noMethod(body: unknown): object {
  const read = rpc.safeParse(body)
  const error = read.success
    ? {
        code: -32601,
        message: `No method ${read.data.method.slice(0, 100)} here: the tool is called by steps over /ws.`,
      }
    : { code: -32600, message: 'Expected a JSON-RPC 2.0 request with a method, got none.' }
  return { jsonrpc: '2.0', id: read.success ? read.data.id : null, error }
}
