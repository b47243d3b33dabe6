import type { Logger } from 'pino'
import type { ServiceToken } from '../config/service-tokens.js'
import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import type { ListenAddress } from './access.js'
import { HealthCheck } from './health-check.js'
import { drained, HttpService } from './http-service.js'
import { probeSandbox } from './probe-sandbox.js'
import { addSandboxRoutes } from './sandbox-routes.js'
import { sandboxSchema } from './schema-document.js'
import { SandboxMetrics } from './sandbox-metrics.js'
import type { ServiceLimits } from './service-limits.js'
import { sessionParts, SWEEP_EVERY_MS, type SessionParts } from './session-parts.js'

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

/** Sandbox sessions over HTTP: leases, calls that run once however often they are sent, bounds for everything, metrics, a health check that runs code. */
export class SandboxService {
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
  static async start(parameters: SandboxServiceParameters): Promise<SandboxService> {
    const { sandboxes, address, tokens = [], logger, now = () => performance.now() } = parameters
    const parts = assemble(parameters)
    const byProfile = new Map<SandboxProfile, Sandbox>(sandboxes.map((one) => [one.profile, one]))
    const http = await HttpService.start({
      ...{ address, tokens, logger },
      ...parts,
      schema: sandboxSchema,
      addRoutes: (app) =>
        addSandboxRoutes({
          ...parts,
          app,
          sandboxes: byProfile,
          onVerdict: () => (parts.lastVerdictAt = now()),
        }),
    })
    parts.timer = setInterval(() => parts.sessions.sweep(), SWEEP_EVERY_MS).unref()
    return new SandboxService(http, parts)
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
    clearInterval(this.parts.timer)
    try {
      await this.http.drain({ graceMs, cancel: () => this.cancel() })
    } finally {
      await sessions.closeAll(drained())
    }
  }

  /** Close sessions whose lease is over now, rather than at the next look. */
  sweep(): void {
    this.parts.sessions.sweep()
  }
}

interface Parts extends SessionParts<SandboxMetrics> {
  health: HealthCheck
  lastVerdictAt: number | undefined
  timer: NodeJS.Timeout | undefined
}

function assemble(parameters: SandboxServiceParameters): Parts {
  const { sandboxes, now = () => performance.now() } = parameters
  const parts: Parts = {
    ...sessionParts({ ...parameters, metricsOf: (read) => new SandboxMetrics({ read }) }),
    lastVerdictAt: undefined,
    timer: undefined,
    health: new HealthCheck({
      probe: (signal) => probeSandbox({ sandboxes, signal }),
      subject: 'The sandbox cannot run code',
      now,
      lastVerdictAt: () => parts.lastVerdictAt,
    }),
  }
  return parts
}
