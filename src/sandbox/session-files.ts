import type { ExchangeDirectory } from './exchange-directory.js'

/**
 * The files of one session. They are kept apart from the session so that one which was dropped without being closed can be collected, and its files
 * removed then.
 */
export class SessionFiles {
  private readonly exchange: ExchangeDirectory
  private readonly names = new Set<string>()
  private isEnded = false

  constructor(exchange: ExchangeDirectory) {
    this.exchange = exchange
  }

  /** A file of an aborted call may arrive after the end; it is removed at once. */
  async add(name: string): Promise<void> {
    if (this.isEnded) await this.exchange.remove(name)
    else this.names.add(name)
  }

  async removeAll(): Promise<void> {
    this.isEnded = true
    const names = [...this.names]
    this.names.clear()
    await Promise.all(names.map((name) => this.exchange.remove(name)))
  }
}
