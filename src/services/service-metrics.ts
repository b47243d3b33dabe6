import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Execution } from '../core/execution.js'

/** What is read at the moment of asking. */
export interface Readings {
  queued: number
  running: number
  workers: number
  hosts: number
  sessions: number
  heldBytes: number
}

const LATENCY_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60]
/** Calls over which p95 is taken. */
const WINDOW = 1024

/** The figures of one service, in Prometheus' text form. */
export class ServiceMetrics {
  private readonly registry = new Registry()
  private readonly calls: Counter<'status' | 'kind'>
  private readonly latency: Histogram
  private readonly refused: Counter<'code'>
  private readonly expired: Counter
  private readonly latest: number[] = []
  private next = 0

  constructor({ read }: { read: () => Readings }) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
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
    this.refused = new Counter({
      name: 'codevision_refused_total',
      help: 'Requests that were answered with an error, by its code.',
      labelNames: ['code'],
      registers,
    })
    this.expired = new Counter({
      name: 'codevision_sessions_expired_total',
      help: 'Sessions that ended because nobody used them.',
      registers,
    })
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name: `codevision_${name}`,
        help,
        registers,
        collect() {
          this.set(value())
        },
      })
    }
    gauge('queue_depth', 'Calls that wait for a worker.', () => read().queued)
    gauge('calls_running', 'Calls that run.', () => read().running)
    gauge('workers', 'Calls that can run at the same time.', () => read().workers)
    gauge('hosts', 'Sandbox hosts that are up, spare ones included.', () => read().hosts)
    gauge('sessions_open', 'Sessions that are open.', () => read().sessions)
    gauge('image_bytes_held', 'Bytes of pixels that open sessions hold.', () => read().heldBytes)
    gauge('call_p95_seconds', `The 95th percentile of the last ${WINDOW} calls.`, () => this.p95())
  }

  called({ execution, seconds }: { execution: Execution; seconds: number }): void {
    const kind = execution.status === 'ok' ? 'none' : execution.kind
    this.calls.inc({ status: execution.status, kind })
    this.latency.observe(seconds)
    this.latest[this.next] = seconds
    this.next = (this.next + 1) % WINDOW
  }

  /** The machine could not run a call. */
  failed(): void {
    this.calls.inc({ status: 'failed', kind: 'none' })
  }

  refusedWith(code: string): void {
    this.refused.inc({ code })
  }

  sessionsExpired(count: number): void {
    this.expired.inc(count)
  }

  get contentType(): string {
    return this.registry.contentType
  }

  async text(): Promise<string> {
    return this.registry.metrics()
  }

  private p95(): number {
    const sorted = this.latest.toSorted((a, b) => a - b)
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  }
}
