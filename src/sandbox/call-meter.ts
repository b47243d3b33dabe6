import { SandboxError } from '../core/errors.js'

const KEPT_DURATIONS = 1_000

export interface CallMeterParameters {
  /** Calls that may wait; one more is refused. */
  maxQueue: number
  /** Jobs that run at the moment. */
  running: () => number
}

/** Counts the calls of a sandbox from their arrival to their end, and refuses those that would only make the queue longer. */
export class CallMeter {
  private readonly maxQueue: number
  private readonly runningNow: () => number
  private readonly durations: number[] = []
  private inside = 0
  private ended = 0
  private repeated = 0

  constructor({ maxQueue, running }: CallMeterParameters) {
    this.maxQueue = maxQueue
    this.runningNow = running
  }

  get running(): number {
    return this.runningNow()
  }

  get queued(): number {
    return Math.max(0, this.inside - this.running)
  }

  /** Calls that have ended, however they did. */
  get calls(): number {
    return this.ended
  }

  /** Attempts that were made again. */
  get retries(): number {
    return this.repeated
  }

  countRetry(): void {
    this.repeated += 1
  }

  /** Milliseconds from arrival to end that 95 of 100 of the last calls did not pass; null before the first. */
  get p95Ms(): number | null {
    const sorted = [...this.durations].sort((a, b) => a - b)
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null
  }

  /** Make one call. @throws SandboxError (retryable) when as many wait as may. */
  async measure<T>(call: () => Promise<T>): Promise<T> {
    if (this.queued >= this.maxQueue) {
      throw new SandboxError(
        `The sandbox is full: ${this.queued} calls wait already, as many as maxQueue allows. Try again in a moment, keep fewer calls under way, or raise hosts, concurrency or maxQueue.`,
        { isRetryable: true },
      )
    }
    this.inside += 1
    const started = performance.now()
    try {
      return await call()
    } finally {
      this.inside -= 1
      this.durations[this.ended % KEPT_DURATIONS] = performance.now() - started
      this.ended += 1
    }
  }
}
