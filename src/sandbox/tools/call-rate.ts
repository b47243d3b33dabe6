const MINUTE_MS = 60_000

/** One use: when it began, and whose it was. */
interface Use {
  at: number
  session: symbol
}

/**
 * Lets so many uses begin in any minute, and none of the sessions take them all: a session may use as many as it leaves to the others. One alone gets half,
 * the next one half of what is left, and where many ask, whoever has used least comes first.
 */
export class CallRate {
  private readonly most: number
  private readonly now: () => number
  /** The last ones, oldest first. */
  private readonly uses: Use[] = []
  private readonly counts = new Map<symbol, number>()

  /** @param now milliseconds of a clock that never goes back. */
  constructor({ maxPerMinute, now = () => performance.now() }: { maxPerMinute: number; now?: () => number }) {
    this.most = maxPerMinute
    this.now = now
  }

  /** Begin one more. @returns null where it may; else how many were used, by all sessions or by this one alone. */
  begin(session: symbol): { used: number; by: 'all' | 'session' } | null {
    const now = this.now()
    for (let [oldest] = this.uses; oldest && oldest.at <= now - MINUTE_MS; [oldest] = this.uses) {
      this.uses.shift()
      this.add(oldest.session, -1)
    }
    const left = this.most - this.uses.length
    if (left <= 0) return { used: this.uses.length, by: 'all' }
    const own = this.counts.get(session) ?? 0
    if (own >= left) return { used: own, by: 'session' }
    this.uses.push({ at: now, session })
    this.add(session, 1)
    return null
  }

  private add(session: symbol, uses: 1 | -1): void {
    const count = (this.counts.get(session) ?? 0) + uses
    if (count > 0) this.counts.set(session, count)
    else this.counts.delete(session)
  }
}
