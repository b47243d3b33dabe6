import { fastify, LogController, type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { ServiceToken } from '../config/service-tokens.js'
import type { Sandbox, SandboxProfile, SandboxStats } from '../core/sandbox.js'
import { expectLocalName, identify, requireProtection, type Caller, type ListenAddress } from './access.js'
import { Admission } from './admission.js'
import type { ErrorAnswer } from './answers.js'
import { toServiceError } from './answer-error.js'
import { BearerTokens } from './bearer-tokens.js'
import { HealthCheck } from './health-check.js'
import { listen } from './listen.js'
import { addSandboxRoutes } from './sandbox-routes.js'
import { schemaDocument } from './schema-document.js'
import { ServiceError } from './service-error.js'
import { DEFAULT_SERVICE_LIMITS, type ServiceLimits } from './service-limits.js'
import { ServiceMetrics } from './service-metrics.js'
import { SessionTable } from './session-table.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: the name of a token, or an address. */
    client: string
  }
}

export interface SandboxServiceParameters {
  /** One for each profile that is offered; the first is the default. The service does not close them. */
  sandboxes: readonly Sandbox[]
  address: ListenAddress
  tokens?: readonly ServiceToken[]
  /** How long a session lives that nobody uses. */
  leaseMs?: number
  limits?: Partial<ServiceLimits>
  logger: Logger
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

const DEFAULT_LEASE_MS = 600_000
const SWEEP_EVERY_MS = 5_000
/** A body must arrive within this time, so that slow senders hold no connection. */
const REQUEST_TIMEOUT_MS = 60_000

/** Sandbox sessions over HTTP: leases, calls that run once however often they are sent, bounds for everything, metrics, a health check that runs code. */
export class SandboxService {
  /** URL or path of the socket. */
  readonly url: string
  private readonly app: FastifyInstance
  private readonly parts: Parts
  private draining: Promise<void> | undefined

  private constructor(app: FastifyInstance, parts: Parts, url: string) {
    this.app = app
    this.parts = parts
    this.url = url
  }

  /** Start to listen. @throws UsageError where the address is taken, or open to others without a token. */
  static async start(parameters: SandboxServiceParameters): Promise<SandboxService> {
    const tokens = new BearerTokens(parameters.tokens ?? [])
    requireProtection({ address: parameters.address, tokens })
    const parts = assemble(parameters)
    const { sessions } = parts
    const app = buildApp({ ...parameters, tokens, parts })
    const url = await listen({ app, address: parameters.address })
    parts.timer = setInterval(() => sessions.sweep(), SWEEP_EVERY_MS).unref()
    return new SandboxService(app, parts, url)
  }

  /**
   * End the service: no new connections and calls from now on, those that run may finish within the time, then they are aborted and answered with 503.
   * Resolves when every session is closed. The sandboxes stay open.
   */
  async drain({ graceMs }: { graceMs: number }): Promise<void> {
    this.draining ??= this.end(graceMs)
    return this.draining
  }

  /** End the calls that run, instead of waiting for them. */
  async cancel(): Promise<void> {
    await this.parts.sessions.abortCalls(drained())
  }

  private async end(graceMs: number): Promise<void> {
    const { sessions } = this.parts
    this.parts.isDraining = true
    clearInterval(this.parts.timer)
    const closed = this.app.close()
    const timer = setTimeout(() => {
      void this.cancel().finally(() => {
        // The answers go out first; what is left then is a client that does not read or does not finish its request.
        setTimeout(() => this.app.server.closeAllConnections(), 500).unref()
      })
    }, graceMs)
    try {
      await closed
    } finally {
      clearTimeout(timer)
      await sessions.closeAll(drained())
    }
  }

  /** Close sessions whose lease is over now, rather than at the next look. */
  sweep(): void {
    this.parts.sessions.sweep()
  }
}

interface Parts {
  sessions: SessionTable
  admission: Admission
  metrics: ServiceMetrics
  health: HealthCheck
  limits: ServiceLimits
  leaseMs: number
  isDraining: boolean
  lastVerdictAt: number | undefined
  timer: NodeJS.Timeout | undefined
}

function assemble({
  sandboxes,
  leaseMs = DEFAULT_LEASE_MS,
  limits: given = {},
  logger,
  now = () => performance.now(),
}: SandboxServiceParameters): Parts {
  const limits = { ...DEFAULT_SERVICE_LIMITS, ...given }
  const sessions = new SessionTable({
    limits,
    leaseMs,
    now,
    onExpired: (count) => {
      metrics.sessionsExpired(count)
      logger.info({ count }, 'sessions expired')
    },
    onCloseFailed: (error) => logger.warn({ err: error }, 'a session could not be closed'),
  })
  const stats = (): SandboxStats[] => sandboxes.flatMap((sandbox) => sandbox.stats?.() ?? [])
  const capacity = sum(stats().map((one) => one.capacity)) || sandboxes.length
  const admission = new Admission({ capacity, queue: limits.queue, callsPerClient: limits.callsPerClient })
  const metrics = new ServiceMetrics({
    read: () => ({
      queued: admission.queued,
      running: admission.running,
      workers: capacity,
      hosts: sum(stats().map(({ hosts }) => hosts)),
      sessions: sessions.size,
      heldBytes: sessions.heldBytes,
    }),
  })
  const parts: Parts = {
    ...{ sessions, admission, metrics, limits, leaseMs },
    isDraining: false,
    lastVerdictAt: undefined,
    timer: undefined,
    health: new HealthCheck({ sandboxes, now, lastVerdictAt: () => parts.lastVerdictAt }),
  }
  return parts
}

function buildApp({
  sandboxes,
  address,
  tokens,
  logger,
  parts,
  now = () => performance.now(),
}: Omit<SandboxServiceParameters, 'tokens'> & { tokens: BearerTokens; parts: Parts }): FastifyInstance {
  const { limits, metrics, health } = parts
  const app = fastify({
    loggerInstance: logger,
    // One line a request, below; without headers, bodies or queries.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // Ours says it in the form of all our errors.
    return503OnClosing: false,
  }) as unknown as FastifyInstance
  app.server.maxConnections = limits.connections
  // A page in a browser may send text unasked, JSON not.
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('client', '')

  app.addHook('onRequest', async (request) => {
    const caller: Caller = {
      authorization: request.headers.authorization,
      host: request.headers.host,
      remoteAddress: request.socket.remoteAddress,
    }
    // Those who watch a service have no token; they learn no more than whether it works.
    if (request.routeOptions.url === '/healthz') {
      if (tokens.isEmpty) expectLocalName(caller, address)
    } else request.client = identify({ caller, tokens, address })
    if (parts.isDraining) throw drained()
  })
  app.addHook('onSend', async (_request, reply) => {
    if (parts.isDraining) void reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
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
    const { status, code, message, hint, retryAfterSeconds } = refused
    metrics.refusedWith(code)
    if (status >= 500 && code !== 'draining') request.log.error({ err: refused.cause ?? refused }, code)
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
    if (status === 401) void reply.header('www-authenticate', 'Bearer')
    const answer: ErrorAnswer = { error: { code, message, hint } }
    return reply.status(status).send(answer)
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
  app.get('/v1/schema', async () => schemaDocument())
  addSandboxRoutes({
    ...parts,
    app,
    sandboxes: new Map<SandboxProfile, Sandbox>(sandboxes.map((sandbox) => [sandbox.profile, sandbox])),
    onVerdict: () => (parts.lastVerdictAt = now()),
  })
  return app
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function drained(): ServiceError {
  return new ServiceError({
    status: 503,
    code: 'draining',
    message: 'The service is ending.',
    hint: 'Send the request to another one, or to this address after Retry-After seconds.',
    retryAfterSeconds: 5,
  })
}
