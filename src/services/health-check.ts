import type { Sandbox } from '../core/sandbox.js'
import type { HealthAnswer } from './answers.js'
import { ServiceError } from './service-error.js'

/** Two pixels, red and blue, as a PNG file. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAD0lEQVQImWP4z8DAwPAfAAcAAf/89wURAAAAAElFTkSuQmCC',
  'base64',
)
const TURNED = Buffer.from([0, 0, 255, 255, 0, 0])
const CALL = { code: 'result = image.rotate(180)', description: 'health check' }

export interface HealthCheckParameters {
  sandboxes: readonly Sandbox[]
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
 * Whether code can be run: by running some. One probe at a time, whoever asks; where it has to wait behind other calls, those that are being answered
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
    const { sandboxes, now, deadlineMs, lastVerdictAt } = this.parameters
    const started = now()
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), deadlineMs)
    try {
      await Promise.all(sandboxes.map((sandbox) => runOne(sandbox, abort.signal)))
      return { status: 'ok', duration_ms: now() - started }
    } catch (error) {
      const verdictAt = lastVerdictAt()
      if (abort.signal.aborted && verdictAt !== undefined && verdictAt > started)
        return { status: 'busy', duration_ms: now() - started }
      throw unhealthy(abort.signal.aborted ? `no verdict within ${deadlineMs} ms` : firstLine(error), error)
    } finally {
      clearTimeout(timer)
    }
  }
}

async function runOne(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  const session = await sandbox.open([PICTURE], { signal })
  try {
    const execution = await session.execute(CALL, { signal })
    if (execution.status === 'error') throw new Error(`${execution.kind}: ${execution.message}`)
    // Under `release` the picture was enlarged; that it came back is what counts there.
    const pixels = await execution.image.pixels()
    if (sandbox.profile === 'standard' && !pixels.equals(TURNED))
      throw new Error('the probe came back with other pixels than it should')
  } finally {
    await session.close()
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}

function unhealthy(reason: string, cause: unknown): ServiceError {
  return new ServiceError({
    status: 503,
    code: 'unhealthy',
    message: `The sandbox cannot run code: ${reason}`,
    hint: 'See the log of the service; codevision doctor says what is missing on its machine.',
    retryAfterSeconds: 5,
    cause,
  })
}
