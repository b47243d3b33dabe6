import type { HealthAnswer } from './answers.js'
import { ServiceError } from './service-error.js'

export interface HealthCheckParameters {
  /** Tries what the service does; the error says what does not work. */
  probe: (signal: AbortSignal) => Promise<void>
  /** What an unhealthy service says, such as `The sandbox cannot run code`. */
  subject: string
  /** Milliseconds of a clock that never goes back. */
  now: () => number
  /** How long a verdict of the probe holds. */
  freshMs?: number
  /** How long the probe may take. */
  deadlineMs?: number
  /** When the last call got its verdict, whatever it was; undefined: none yet. */
  lastVerdictAt: () => number | undefined
}

/**
 * Whether a service works: by trying what it does. One probe at a time, whoever asks; where it has to wait behind other calls, those that are being answered
 * are as good a sign.
 */
export class HealthCheck {
  private readonly parameters: Required<HealthCheckParameters>
  private probe: { startedAt: number; outcome: Promise<HealthAnswer>; isOver: boolean } | undefined

  constructor({ freshMs = 1_000, deadlineMs = 10_000, ...parameters }: HealthCheckParameters) {
    this.parameters = { freshMs, deadlineMs, ...parameters }
  }

  /** @throws ServiceError (503) with the reason. */
  async check(): Promise<HealthAnswer> {
    const { now, freshMs } = this.parameters
    const current = this.probe
    if (current && (!current.isOver || now() - current.startedAt < freshMs)) return current.outcome
    const probe = { startedAt: now(), outcome: this.run(), isOver: false }
    probe.outcome.catch(() => undefined).finally(() => (probe.isOver = true))
    this.probe = probe
    return probe.outcome
  }

  private async run(): Promise<HealthAnswer> {
    const { probe, subject, now, deadlineMs, lastVerdictAt } = this.parameters
    const started = now()
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), deadlineMs)
    try {
      await probe(abort.signal)
      return { status: 'ok', duration_ms: now() - started }
    } catch (error) {
      const verdictAt = lastVerdictAt()
      if (abort.signal.aborted && verdictAt !== undefined && verdictAt > started)
        return { status: 'busy', duration_ms: now() - started }
      const reason = abort.signal.aborted ? `no verdict within ${deadlineMs} ms` : firstLine(error)
      throw unhealthy({ subject, reason, cause: error })
    } finally {
      clearTimeout(timer)
    }
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

function unhealthy({
  subject,
  reason,
  cause,
}: {
  subject: string
  reason: string
  cause: unknown
}): ServiceError {
  return new ServiceError({
    status: 503,
    code: 'unhealthy',
    message: `${subject}: ${reason}`,
    hint: 'See the log of the service; codevision doctor says what is missing on its machine.',
    retryAfterSeconds: 5,
    cause,
  })
}
