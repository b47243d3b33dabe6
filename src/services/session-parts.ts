import type { Logger } from 'pino'
import type { Sandbox, SandboxStats } from '../core/sandbox.js'
import { Admission } from './admission.js'
import type { Readings, SandboxMetrics } from './sandbox-metrics.js'
import { DEFAULT_SERVICE_LIMITS, type ServiceLimits } from './service-limits.js'
import type { HeldSession } from './service-session.js'
import { SessionTable } from './session-table.js'

/** What every service over sandbox sessions is made of. */
export interface SessionParts<Metrics extends SandboxMetrics> {
  sessions: SessionTable<HeldSession>
  admission: Admission
  metrics: Metrics
  limits: ServiceLimits
  leaseMs: number
}

const DEFAULT_LEASE_MS = 600_000
/** Between two looks for sessions whose lease is over. */
export const SWEEP_EVERY_MS = 5_000

/** Sessions with leases, a bounded queue before the sandboxes, and the figures of both. */
export function sessionParts<Metrics extends SandboxMetrics>({
  sandboxes,
  leaseMs = DEFAULT_LEASE_MS,
  limits: given = {},
  logger,
  now = () => performance.now(),
  metricsOf,
}: {
  sandboxes: readonly Sandbox[]
  leaseMs?: number
  limits?: Partial<ServiceLimits>
  logger: Logger
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
  metricsOf: (read: () => Readings) => Metrics
}): SessionParts<Metrics> {
  const limits = { ...DEFAULT_SERVICE_LIMITS, ...given }
  const sessions = new SessionTable<HeldSession>({
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
  const metrics = metricsOf(() => ({
    queued: admission.queued,
    running: admission.running,
    workers: capacity,
    hosts: sum(stats().map(({ hosts }) => hosts)),
    sessions: sessions.size,
    heldBytes: sessions.heldBytes,
  }))
  return { sessions, admission, metrics, limits, leaseMs }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
