const MINUTE_MS = 60_000

/** A session, or who has several of them. */
export type ToolUser = symbol | string

/** One use: when it began, and whose it was. */
interface Use {
  at: number
  user: ToolUser
}

/**
 * Lets so many uses begin in any minute, and none of the users take them all: one may use as many as it leaves to the others. One alone gets half,
 * the next one half of what is left, and where many ask, whoever has used least comes first.
 */
export class CallRate {
  private readonly most: number
  private readonly now: () => number
  /** The last ones, oldest first. */
  private readonly uses: Use[] = []
  private readonly counts = new Map<ToolUser, number>()

  /** @param now milliseconds of a clock that never goes back. */
  constructor({ maxPerMinute, now = () => performance.now() }: { maxPerMinute: number; now?: () => number }) {
    this.most = maxPerMinute
    this.now = now
  }

  /** Begin one more. @returns null where it may; else how many were used, by all or by this one alone. */
  begin(user: ToolUser): { used: number; by: 'all' | 'user' } | null {
    const now = this.now()
    for (let [oldest] = this.uses; oldest && oldest.at <= now - MINUTE_MS; [oldest] = this.uses) {
      this.uses.shift()
      this.add(oldest.user, -1)
    }
    const left = this.most - this.uses.length
    if (left <= 0) return { used: this.uses.length, by: 'all' }
    const own = this.counts.get(user) ?? 0
    if (own >= left) return { used: own, by: 'user' }
    this.uses.push({ at: now, user })
    this.add(user, 1)
    return null
  }

  private add(user: ToolUser, uses: 1 | -1): void {
    const count = (this.counts.get(user) ?? 0) + uses
    if (count > 0) this.counts.set(user, count)
    else this.counts.delete(user)
  }
}
