import { SandboxError } from '../core/errors.js'
import type { Host } from './host.js'

export interface HostSupplyParameters {
  /** Start one host; an aborted start ends what it has begun. */
  start: (options: { signal: AbortSignal }) => Promise<Host>
  /** Keep a second host started and idle, so that the death of the first costs no start. */
  standby: boolean
  /** Called when all that belonged to a dead host is gone. */
  onGone: () => void
}

/** The first spare host waits, so that a program of a few calls never pays for one. */
const FIRST_STANDBY_DELAY_MS = 2_000
/** A host that lived this long, or gave a verdict, can start here; one that ends before counts as a failed start. */
const PROVEN_AFTER_MS = 5_000
/** Failed starts in a row that are tried again at once. */
const FREE_FAILURES = 3
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 30_000
/** A caller waits for a pause this long; for a longer one he is told. */
const LONGEST_WAIT_MS = 1_000

/** Keeps one live host, and where asked a second beside it that takes over when the first dies. */
export class HostSupply {
  private readonly parameters: HostSupplyParameters
  private readonly stop = new AbortController()
  /** Those of which something is left, their container at least. */
  private readonly live = new Set<Host>()
  private active: Promise<Host> | undefined
  private standby: Promise<Host> | undefined
  private timer: NodeJS.Timeout | undefined
  private hasStarted = false
  private failures = 0
  private lastFailure = ''
  private nextStart = 0

  constructor(parameters: HostSupplyParameters) {
    this.parameters = parameters
  }

  /** Hosts that are up, the spare one included. */
  get count(): number {
    return [...this.live].filter((host) => host.isAlive).length
  }

  /** The host for the next job, started where none is left. @throws SandboxError when it does not start, or none starts here lately. */
  async take(): Promise<Host> {
    for (;;) {
      if (this.stop.signal.aborted) throw new SandboxError('The sandbox is closed.')
      const current = (this.active ??= this.replacement())
      try {
        const host = await current
        if (host.isAlive) return host
      } catch (error) {
        if (this.active === current) this.active = undefined
        throw error
      }
      if (this.active === current) this.active = undefined
    }
  }

  async close(): Promise<void> {
    if (this.stop.signal.aborted) return
    clearTimeout(this.timer)
    const [active, standby] = [this.active, this.standby]
    this.stop.abort()
    await Promise.all([
      standby?.then((host) => host.kill()).catch(() => undefined),
      active?.then((host) => host.close()).catch(() => undefined),
    ])
    await Promise.all([...this.live].map((host) => host.gone))
  }

  private replacement(): Promise<Host> {
    const delayMs = this.hasStarted ? 0 : FIRST_STANDBY_DELAY_MS
    const host = this.standby ?? this.launch()
    this.standby = undefined
    host.then(
      () => this.prepareStandby(delayMs),
      () => undefined,
    )
    return host
  }

  private prepareStandby(delayMs: number): void {
    if (!this.parameters.standby || this.stop.signal.aborted) return
    clearTimeout(this.timer)
    this.timer = setTimeout(
      () => {
        if (this.standby || this.stop.signal.aborted) return
        const standby = this.launch()
        this.standby = standby
        standby.catch(() => this.lose(standby))
      },
      Math.max(delayMs, this.nextStart - performance.now()),
    )
    // A spare host is no reason to keep a program alive.
    this.timer.unref()
  }

  /** Forget a host that is dead, in whichever place it stood. */
  private lose(host: Promise<Host>): void {
    if (this.stop.signal.aborted) return
    if (this.standby === host) {
      this.standby = undefined
      this.prepareStandby(0)
    } else if (this.active === host) {
      this.active = undefined
      // Without a spare one the next call starts it, if there is one.
      if (this.standby) this.active = this.replacement()
    }
  }

  private launch(): Promise<Host> {
    const host = this.start()
    host.then(
      (started) => void started.ended.then(() => this.lose(host)),
      () => undefined,
    )
    return host
  }

  private async start(): Promise<Host> {
    await this.pause()
    let host: Host
    try {
      host = await this.parameters.start({ signal: this.stop.signal })
    } catch (error) {
      this.failed(error)
      throw this.hasStarted ? passing(error) : error
    }
    this.hasStarted = true
    this.live.add(host)
    let isProven = false
    const prove = (): void => {
      clearTimeout(timer)
      isProven = true
      this.failures = 0
    }
    const timer = setTimeout(prove, PROVEN_AFTER_MS)
    timer.unref()
    void host.proven.then(prove)
    void host.ended.then((error) => {
      clearTimeout(timer)
      if (!isProven) this.failed(error)
    })
    void host.gone.then(() => {
      this.live.delete(host)
      this.parameters.onGone()
    })
    return host
  }

  /** Wait until a start may be tried. @throws SandboxError where that is too far off. */
  private async pause(): Promise<void> {
    const waitMs = this.nextStart - performance.now()
    if (waitMs <= 0) return
    if (waitMs > LONGEST_WAIT_MS) {
      throw new SandboxError(
        `The sandbox host ended ${this.failures} times in a row before it did any work; the next start is tried in ${(waitMs / 1000).toFixed(1)} s. Try: npx codevision doctor. The last one said: ${this.lastFailure}`,
        { isRetryable: true },
      )
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }

  private failed(error: unknown): void {
    if (this.stop.signal.aborted) return
    this.failures += 1
    this.lastFailure = error instanceof Error ? error.message : String(error)
    const doublings = this.failures - FREE_FAILURES
    if (doublings >= 0)
      this.nextStart =
        performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(doublings, 20), LONGEST_PAUSE_MS)
  }
}

/** Where a host has started before, what kept another from it may pass. */
function passing(error: unknown): SandboxError {
  if (error instanceof SandboxError && error.isRetryable) return error
  const message = error instanceof Error ? error.message : String(error)
  return new SandboxError(message, { cause: error, isRetryable: true })
}
