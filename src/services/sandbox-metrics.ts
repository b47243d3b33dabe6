import { Counter, Histogram } from 'prom-client'
import type { Execution } from '../core/execution.js'
import { RecentDurations } from './recent-durations.js'
import { ServiceMetrics } from './service-metrics.js'

/** What is read at the moment of asking. */
export interface Readings {
  queued: number
  running: number
  workers: number
  hosts: number
  sessions: number
  heldBytes: number
}

export const LATENCY_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60]

/** The figures of a sandbox service. */
export class SandboxMetrics extends ServiceMetrics {
  private readonly calls: Counter<'status' | 'kind'>
  private readonly latency: Histogram
  private readonly expired: Counter
  private readonly recent = new RecentDurations()

  constructor({ read }: { read: () => Readings }) {
    super()
    const registers = [this.registry]
    this.calls = new Counter({
      name: 'codevision_calls_total',
      help: 'Calls by verdict: status ok or error, or failed where the machine could not run it; kind of the error.',
      labelNames: ['status', 'kind'],
      registers,
    })
    this.latency = new Histogram({
      name: 'codevision_call_seconds',
      help: 'Seconds from the arrival of a call to its verdict, waiting included.',
      buckets: LATENCY_BUCKETS,
      registers,
    })
    this.expired = new Counter({
      name: 'codevision_sessions_expired_total',
      help: 'Sessions that ended because nobody used them.',
      registers,
    })
    this.gauge('queue_depth', 'Calls that wait for a worker.', () => read().queued)
    this.gauge('calls_running', 'Calls that run.', () => read().running)
    this.gauge('workers', 'Calls that can run at the same time.', () => read().workers)
    this.gauge('hosts', 'Sandbox hosts that are up, spare ones included.', () => read().hosts)
    this.gauge('sessions_open', 'Sessions that are open.', () => read().sessions)
    this.gauge(
      'image_bytes_held',
      'Bytes of images that sessions hold: pixels, and the files with which episodes were answered.',
      () => read().heldBytes,
    )
    this.gauge('call_p95_seconds', `The 95th percentile of the last ${this.recent.window} calls.`, () =>
      this.recent.p95(),
    )
  }

  called({ execution, seconds }: { execution: Execution; seconds: number }): void {
    const kind = execution.status === 'ok' ? 'none' : execution.kind
    this.calls.inc({ status: execution.status, kind })
    this.latency.observe(seconds)
    this.recent.add(seconds)
  }

  /** The machine could not run a call. */
  failed(): void {
    this.calls.inc({ status: 'failed', kind: 'none' })
  }

  sessionsExpired(count: number): void {
    this.expired.inc(count)
  }
}
