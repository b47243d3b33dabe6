import PQueue from 'p-queue'
import { unlessAborted } from '../core/unless-aborted.js'
import { defaultMaxBytes, ExchangeDirectory } from './exchange-directory.js'
import { Host } from './host.js'
import { HostSupply } from './host-supply.js'
import type { Finished, HostFacts } from './host-event.js'
import type { HostJob } from './job.js'
import type { Runtime } from './runtime.js'

export interface HostSlotParameters {
  runtime: Runtime
  number: number
  /** Jobs that run at the same time. */
  concurrency: number
  /** Keep a second host ready. */
  standby: boolean
  /** What the images of its sessions may hold together; undefined: its share of half of the folder they lie in. */
  maxBytes: number | undefined
  /** Slots that share that folder, this one included. */
  sharing: number
}

/** The last processes of a killed host may outlive the one that we started by a moment, and make a file in it. */
const SWEEPS_MS = [0, 250, 1_000, 5_000]

/**
 * A place for a host: the exchange directory outlives the processes that come and go in it, so sessions lose nothing when a host dies.
 */
export class HostSlot {
  readonly exchange: ExchangeDirectory
  private readonly hosts: HostSupply
  private readonly queue: PQueue
  /** Sessions that live here; the pool opens the next one where there are fewest. */
  sessions = 0
  private sessionNumbers = 0
  private places = 0
  /** The host that had the last job. */
  private current: Host | undefined

  private constructor(
    { runtime, number, concurrency, standby }: HostSlotParameters,
    exchange: ExchangeDirectory,
  ) {
    this.exchange = exchange
    this.queue = new PQueue({ concurrency })
    this.hosts = new HostSupply({
      start: ({ signal }) =>
        Host.start({ runtime, number, exchange: exchange.path, spare: spareWorkers(concurrency), signal }),
      standby,
      onGone: () => this.sweep(),
    })
  }

  static async open(parameters: HostSlotParameters): Promise<HostSlot> {
    const { runtime, maxBytes, sharing } = parameters
    const parent = await runtime.sharedFolder?.({ number: parameters.number })
    const exchange = await ExchangeDirectory.create({
      owner: runtime.exchangeOwner,
      parent,
      maxBytes: maxBytes ?? (await defaultMaxBytes(parent)) / sharing,
    })
    const slot = new HostSlot(parameters, exchange)
    try {
      await slot.hosts.take()
    } catch (error) {
      await slot.close()
      throw error
    }
    return slot
  }

  async facts(): Promise<HostFacts> {
    return (await this.hosts.take()).facts
  }

  /** Jobs that run now. */
  get running(): number {
    return this.queue.pending
  }

  /** Hosts that are up, the spare one included. */
  get hostCount(): number {
    return this.hosts.count
  }

  /**
   * Run a job as soon as there is room; a host that died is replaced first. Sessions have one job here at a time, so first come, first served is fair
   * between them; a job that is tried again goes first, since it has waited before.
   * @param options.place the job goes where one that came then would; default: behind all that have come.
   * @throws SandboxError (retryable when another attempt may succeed), AbortError.
   */
  async run(
    job: HostJob,
    {
      place = this.newPlace(),
      isRetry = false,
      signal,
    }: { place?: number | undefined; isRetry?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<Finished> {
    signal?.throwIfAborted()
    // The place is kept until the host has concluded the job, also when nobody waits for it any more: else a storm of aborts piles up in the host.
    const finished = this.queue.add(() => this.conclude(job, signal), { priority: isRetry ? 1 : -place })
    return unlessAborted(finished, signal)
  }

  private async conclude(job: HostJob, signal: AbortSignal | undefined): Promise<Finished> {
    signal?.throwIfAborted()
    try {
      this.current = await this.hosts.take()
      return await this.current.run(job, { signal })
    } finally {
      // A result that came after its caller had gone belongs to nobody.
      if (signal?.aborted && job.result !== null) await this.exchange.remove(job.result)
    }
  }

  /** The place in line of what comes now. */
  newPlace(): number {
    this.places += 1
    return this.places
  }

  /** A number for a session, by which hosts keep what they prepare for it. */
  newSessionNumber(): number {
    this.sessionNumbers += 1
    return this.sessionNumbers
  }

  /** The session is closed: what was prepared for its next call can go. A host that died has nothing of it. */
  release(session: number): void {
    if (this.current?.isAlive) this.current.release(session).catch(() => undefined)
  }

  /** What could not be removed now goes with the directory. */
  private sweep(): void {
    for (const delayMs of SWEEPS_MS) {
      setTimeout(() => void this.exchange.sweep().catch(() => undefined), delayMs).unref()
    }
  }

  async close(): Promise<void> {
    try {
      await this.hosts.close()
    } finally {
      await this.exchange.close()
    }
  }
}

/** Workers that are forked ahead: as many as can start at once on the processors that there are (four places each). */
function spareWorkers(concurrency: number): number {
  return Math.max(2, Math.ceil(concurrency / 4))
}
