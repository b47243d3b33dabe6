import { fastify, LogController, type FastifyInstance, type FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { ServiceToken } from '../config/service-tokens.js'
import { expectLocalName, identify, requireProtection, type Caller, type ListenAddress } from './access.js'
import type { ErrorAnswer, HealthAnswer } from './answers.js'
import { toServiceError } from './answer-error.js'
import { jsonBytes } from './base64.js'
import { BearerTokens } from './bearer-tokens.js'
import { expectShallow } from './expect-shallow.js'
import { jsonBodyParser } from './json-body-parser.js'
import { listen } from './listen.js'
import { admitPage, answerPreflight, isPreflight, type PageAccess } from './page-access.js'
import { refuseConnectionsBeyond } from './refused-connections.js'
import { ServiceError } from './service-error.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: the name of a token, or an address. */
    client: string
  }
}

export interface HttpServiceParameters {
  address: ListenAddress
  tokens: readonly ServiceToken[]
  logger: Logger
  limits: {
    /** Largest request body. */
    bodyBytes: number
    /** Connections at the same time. */
    connections: number
  }
  metrics: {
    readonly contentType: string
    text(): Promise<string>
    refusedWith(code: string): void
    connectionRefused(): void
  }
  health: { check(): Promise<HealthAnswer> }
  /** The bodies that the service takes and gives, as JSON Schema. */
  schema: () => object
  addRoutes: (app: FastifyInstance) => void
  /** Pages in a browser that may use it; undefined: none can, and none is looked for. */
  pages?: PageAccess
  /** Routes beside /healthz that tell whether it works, for which no token is asked. */
  watched?: readonly string[]
}

/** A body must arrive within this time, so that slow senders hold no connection. */
const REQUEST_TIMEOUT_MS = 60_000
/** Answers go out within this time before connections are cut. */
export const LAST_ANSWERS_MS = 500
/** What was cancelled ends within this time before connections are cut all the same. */
export const LONGEST_CANCEL_MS = 3_000

/** What every service of this project has in common: who may use it, its log, its errors, health, metrics and schema, and how it ends. */
export class HttpService {
  /** URL or path of the socket. */
  readonly url: string
  private readonly app: FastifyInstance
  private readonly state: State

  private constructor({ app, state, url }: { app: FastifyInstance; state: State; url: string }) {
    this.app = app
    this.state = state
    this.url = url
  }

  /** Start to listen. @throws UsageError where the address is taken, or open to others without a token. */
  static async start(parameters: HttpServiceParameters): Promise<HttpService> {
    const tokens = new BearerTokens(parameters.tokens)
    requireProtection({ address: parameters.address, tokens })
    const state: State = { isDraining: false }
    const app = buildApp({ ...parameters, tokens, state })
    const url = await listen({ app, address: parameters.address })
    return new HttpService({ app, state, url })
  }

  /**
   * No new connections and requests from now on; resolves when those that are under way are answered.
   * @param parameters.cancel ends what still runs after the time.
   */
  async drain({ graceMs, cancel }: { graceMs: number; cancel: () => Promise<void> }): Promise<void> {
    this.state.isDraining = true
    const closed = this.app.close()
    const cut = (): void => this.app.server.closeAllConnections()
    const timer = setTimeout(() => {
      // The answers go out first; what is left then is a client that does not read or does not finish its request.
      void cancel().finally(() => setTimeout(cut, LAST_ANSWERS_MS).unref())
      // Or something that does not heed that it was cancelled.
      setTimeout(cut, LONGEST_CANCEL_MS).unref()
    }, graceMs)
    try {
      await closed
    } finally {
      clearTimeout(timer)
    }
  }
}

interface State {
  isDraining: boolean
}

function buildApp({
  address,
  tokens,
  logger,
  limits,
  metrics,
  health,
  schema,
  addRoutes,
  pages,
  watched = [],
  state,
}: Omit<HttpServiceParameters, 'tokens'> & { tokens: BearerTokens; state: State }): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    // One line a request, below; without headers, bodies or queries.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // Of a session's id of 128 characters, each of which may be written as %XX.
    routerOptions: { maxParamLength: 3 * 128 },
    // Addresses that lead to no route; they meet no hook either.
    frameworkErrors: (error, _request, reply) => {
      const refused = toServiceError(error)
      metrics.refusedWith(refused.code)
      void (reply as unknown as FastifyReply).status(refused.status).send(errorAnswer(refused))
    },
    // Ours says it in the form of all our errors.
    return503OnClosing: false,
  }) as unknown as FastifyInstance
  refuseConnectionsBeyond({
    ...{ most: limits.connections, server: app.server, logger },
    onRefused: () => metrics.connectionRefused(),
  })
  // Its type asks for text; bytes are sent as they are.
  app.setReplySerializer((payload) => jsonBytes(payload) as unknown as string)
  // A page in a browser may send text unasked, JSON not.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, jsonBodyParser(app))
  app.decorateRequest('client', '')

  app.addHook('onRequest', async (request, reply) => {
    if (pages !== undefined) admitPage({ request, reply, pages })
    const preflight = pages !== undefined && isPreflight(request) ? pages : null
    const caller: Caller = {
      authorization: request.headers.authorization,
      host: request.headers.host,
      remoteAddress: request.socket.remoteAddress,
    }
    // Those who watch a service have no token; they learn no more than whether it works. Browsers send none with a preflight.
    if (preflight !== null || ['/healthz', ...watched].includes(request.routeOptions.url ?? '')) {
      if (tokens.isEmpty) expectLocalName(caller, address)
    } else request.client = identify({ caller, tokens, address })
    if (state.isDraining) throw drained()
    if (preflight !== null) await answerPreflight({ request, reply, pages: preflight })
  })
  app.addHook('preValidation', async ({ body }) => expectShallow(body))
  app.addHook('onSend', async (_request, reply) => {
    if (state.isDraining) void reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    // The server has handed over the socket of an upgrade; where it was refused, nobody else would close it.
    if (request.headers.upgrade !== undefined) request.raw.socket.destroy()
    const { method, client, routeOptions } = request
    const session = (request.params as { id?: string } | undefined)?.id
    request.log.info(
      {
        method,
        route: routeOptions.url,
        client,
        session,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
  app.setErrorHandler(async (error, request, reply) => {
    const refused = toServiceError(error)
    const { status, code, retryAfterSeconds } = refused
    metrics.refusedWith(code)
    if (status >= 500 && code !== 'draining') request.log.error({ err: refused.cause ?? refused }, code)
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
    if (status === 401) void reply.header('www-authenticate', 'Bearer')
    return reply.status(status).send(errorAnswer(refused))
  })
  app.setNotFoundHandler(async (request) => {
    throw new ServiceError({
      status: 404,
      code: 'no_such_route',
      message: `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200) ?? ''}.`,
      hint: 'GET /v1/schema lists the routes.',
    })
  })

  app.get('/healthz', async () => health.check())
  app.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', metrics.contentType)
    return metrics.text()
  })
  app.get('/v1/schema', async () => schema())
  addRoutes(app)
  return app
}

function errorAnswer({ code, message, hint, issues }: ServiceError): ErrorAnswer {
  return { error: { code, message, hint, ...(issues && { issues: [...issues] }) } }
}

/** Why a service that ends refuses a request, or gives one up. */
export function drained(): ServiceError {
  return new ServiceError({
    status: 503,
    code: 'draining',
    message: 'The service is ending.',
    hint: 'Send the request to another one, or to this address after Retry-After seconds.',
    retryAfterSeconds: 5,
  })
}
