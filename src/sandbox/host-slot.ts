import PQueue from 'p-queue'
import { SandboxError } from '../core/errors.js'
import { ExchangeDirectory } from './exchange-directory.js'
import { Host } from './host.js'
import type { Finished, LibraryVersions } from './host-event.js'
import type { HostJob } from './job.js'
import type { Runtime } from './runtime.js'

export interface HostSlotParameters {
  runtime: Runtime
  number: number
  /** Jobs that run at the same time. */
  concurrency: number
}

/**
 * A place for a host: the exchange directory outlives the processes that come and go in it, so sessions lose nothing when a host dies.
 */
export class HostSlot {
  readonly exchange: ExchangeDirectory
  private readonly runtime: Runtime
  private readonly number: number
  private readonly concurrency: number
  private readonly queue: PQueue
  private starting: Promise<Host> | undefined
  private isClosed = false
  /** Sessions that live here; the pool opens the next one where there are fewest. */
  sessions = 0

  private constructor({ runtime, number, concurrency }: HostSlotParameters, exchange: ExchangeDirectory) {
    this.runtime = runtime
    this.number = number
    this.concurrency = concurrency
    this.exchange = exchange
    this.queue = new PQueue({ concurrency })
  }

  static async open(parameters: HostSlotParameters): Promise<HostSlot> {
    const { runtime } = parameters
    const existing = runtime.exchangeDirectory?.()
    const exchange =
      existing === undefined
        ? await ExchangeDirectory.create({ owner: runtime.exchangeOwner })
        : ExchangeDirectory.existing(existing)
    const slot = new HostSlot(parameters, exchange)
    try {
      await slot.host()
    } catch (error) {
      await slot.close()
      throw error
    }
    return slot
  }

  async versions(): Promise<LibraryVersions> {
    return (await this.host()).versions
  }

  /**
   * Run a job as soon as there is room; a host that died is replaced first.
   * @throws SandboxError (retryable when another attempt may succeed), AbortError.
   */
  async run(job: HostJob, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Finished> {
    return this.queue.add(async () => (await this.host()).run(job, { signal }), signal ? { signal } : {})
  }

  /** The live host, started where there is none. */
  private async host(): Promise<Host> {
    if (this.isClosed) throw new SandboxError('The sandbox is closed.')
    const current = this.starting
    if (current) {
      const host = await current.catch(() => undefined)
      if (host?.isAlive) return host
      if (this.starting !== current) return this.host()
    }
    this.starting = Host.start({
      runtime: this.runtime,
      number: this.number,
      exchange: this.exchange.path,
      spare: this.concurrency,
    })
    this.starting.catch(() => undefined)
    return this.starting
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    const host = await this.starting?.catch(() => undefined)
    await host?.close()
    await this.exchange.close()
  }
}
