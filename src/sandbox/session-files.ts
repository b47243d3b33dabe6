import type { ExchangeDirectory } from './exchange-directory.js'
import type { Held } from './shared-work.js'

/**
 * The files of one session, its own and those that it shares. They are kept apart from the session so that one which was dropped without being closed can be
 * collected, and its files removed then.
 */
export class SessionFiles {
  private readonly exchange: ExchangeDirectory
  private readonly names = new Set<string>()
  private readonly shared = new Set<Held<unknown>>()
  private isEnded = false

  constructor(exchange: ExchangeDirectory) {
    this.exchange = exchange
  }

  /** A file of an aborted call may arrive after the end; it is removed at once. */
  async add(name: string): Promise<void> {
    if (this.isEnded) await this.exchange.remove(name)
    else this.names.add(name)
  }

  /** The same for what other sessions may hold too. */
  async hold(held: Held<unknown>): Promise<void> {
    if (this.isEnded) await held.release()
    else this.shared.add(held)
  }

  /** Let go of it before the end. */
  async release(held: Held<unknown>): Promise<void> {
    this.shared.delete(held)
    await held.release()
  }

  async removeAll(): Promise<void> {
    this.isEnded = true
    const [names, shared] = [[...this.names], [...this.shared]]
    this.names.clear()
    this.shared.clear()
    await Promise.all([
      ...names.map((name) => this.exchange.remove(name)),
      ...shared.map((held) => held.release()),
    ])
  }
}
