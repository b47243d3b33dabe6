import type { ServiceToken } from '../../config/service-tokens.js'
import type { ListenAddress } from '../access.js'
import { HealthCheck } from '../health-check.js'
import { drained, HttpService } from '../http-service.js'
import { probeSandbox } from '../probe-sandbox.js'
import { SandboxMetrics } from '../sandbox-metrics.js'
import { SWEEP_EVERY_MS } from '../session-parts.js'
import { HttpSessions } from './http-sessions.js'
import { McpConnections, type McpConnectionsParameters } from './mcp-connections.js'
import { addMcpRoutes, mcpPages } from './mcp-routes.js'

export interface McpServiceParameters extends Omit<McpConnectionsParameters, 'now' | 'onCall'> {
  address: ListenAddress
  tokens?: readonly ServiceToken[]
  /** Pages that may use the service, beside those of this machine. */
  origins?: readonly string[]
  /** Of the HTTP server: largest body in bytes, connections at the same time. */
  http: { bodyBytes: number; connections: number }
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

/** The tools over streamable HTTP at /mcp, with what every service here has: tokens, health, metrics, an orderly end. */
export class McpService {
  /** URL or path of the socket. */
  readonly url: string
  private readonly http: HttpService
  private readonly parts: Parts
  private draining: Promise<void> | undefined

  private constructor(http: HttpService, parts: Parts) {
    this.http = http
    this.parts = parts
    this.url = http.url
  }

  /** Start to listen. @throws UsageError where the address is taken, or open to others without a token. */
  static async start(parameters: McpServiceParameters): Promise<McpService> {
    const { address, tokens = [], origins = [], http: limits, logger } = parameters
    const parts = assemble(parameters)
    const { connections, sessions, metrics, health } = parts
    const http = await HttpService.start({
      ...{ address, tokens, logger, limits, metrics, health },
      schema: () => ({ tools: connections.tools.map(({ description }) => description) }),
      pages: mcpPages(origins),
      addRoutes: (app) => addMcpRoutes({ app, sessions }),
    })
    const service = new McpService(http, parts)
    parts.timer = setInterval(() => {
      service.sweep().catch((error: unknown) => logger.warn({ err: error }, 'sweep'))
    }, SWEEP_EVERY_MS).unref()
    return service
  }

  /**
   * End the service: no new connections and requests from now on, calls that run may finish within the time, then they are ended and answered with an error.
   * Resolves when every session is closed. The sandbox stays open.
   */
  async drain({ graceMs }: { graceMs: number }): Promise<void> {
    this.draining ??= this.end(graceMs)
    return this.draining
  }

  /** End the calls that run, instead of waiting for them. */
  async cancel(): Promise<void> {
    await this.parts.connections.release(drained())
  }

  /** Give up now what nobody uses any more, rather than at the next look. */
  async sweep(): Promise<void> {
    this.parts.sessions.sweep()
    await this.parts.connections.sweep()
  }

  private async end(graceMs: number): Promise<void> {
    const { sessions, timer } = this.parts
    clearInterval(timer)
    try {
      const drain = this.http.drain({ graceMs, cancel: () => this.cancel() })
      sessions.endStreams()
      await drain
    } finally {
      await sessions.closeAll()
    }
  }
}

interface Parts {
  connections: McpConnections
  sessions: HttpSessions
  metrics: SandboxMetrics
  health: HealthCheck
  timer: NodeJS.Timeout | undefined
}

function assemble({
  now = () => performance.now(),
  sandbox,
  limits,
  leaseMs,
  logger,
  ...parameters
}: McpServiceParameters): Parts {
  let lastVerdictAt: number | undefined
  const connections = new McpConnections({
    ...parameters,
    ...{ sandbox, limits, leaseMs, logger, now },
    onCall: (call) => {
      lastVerdictAt = now()
      metrics.called(call)
    },
  })
  const sessions = new HttpSessions({
    ...{ connections, limits, leaseMs, now },
    onExpired: (count) => {
      metrics.sessionsExpired(count)
      logger.info({ count }, 'sessions expired')
    },
    onCloseFailed: (error) => logger.warn({ err: error }, 'a session could not be closed'),
  })
  const { admission } = connections
  const metrics = new SandboxMetrics({
    read: () => ({
      queued: admission.queued,
      running: admission.running,
      workers: admission.capacity,
      hosts: sandbox.stats?.().hosts ?? 0,
      sessions: sessions.size,
      heldBytes: connections.heldBytes,
    }),
  })
  const health = new HealthCheck({
    probe: (signal) => probeSandbox({ sandboxes: [sandbox], signal }),
    subject: 'The sandbox cannot run code',
    now,
    lastVerdictAt: () => lastVerdictAt,
  })
  return { connections, sessions, metrics, health, timer: undefined }
}
