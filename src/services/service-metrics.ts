import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'

/** The figures that every service has, in Prometheus' text form. */
export class ServiceMetrics {
  protected readonly registry: Registry
  private readonly refused: Counter<'code'>
  private readonly refusedConnections: Counter

  /** @param parameters.beside figures of the same service, with which these are told. */
  constructor({ beside }: { beside?: ServiceMetrics } = {}) {
    this.registry = beside?.registry ?? new Registry()
    if (beside !== undefined) {
      this.refused = beside.refused
      this.refusedConnections = beside.refusedConnections
      return
    }
    collectDefaultMetrics({ register: this.registry })
    this.refused = new Counter({
      name: 'codevision_refused_total',
      help: 'Requests that were answered with an error, by its code.',
      labelNames: ['code'],
      registers: [this.registry],
    })
    this.refusedConnections = new Counter({
      name: 'codevision_connections_refused_total',
      help: 'Connections that were cut, since as many as are allowed were open.',
      registers: [this.registry],
    })
  }

  refusedWith(code: string): void {
    this.refused.inc({ code })
  }

  connectionRefused(): void {
    this.refusedConnections.inc()
  }

  get contentType(): string {
    return this.registry.contentType
  }

  async text(): Promise<string> {
    return this.registry.metrics()
  }

  /** A figure that is read at the moment of asking. */
  protected gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `codevision_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(value())
      },
    })
  }
}
