const MINUTE_MS = 60_000

/** Lets so many uses begin in any minute. */
export class CallRate {
  private readonly most: number
  private readonly now: () => number
  /** When the last ones began, oldest first. */
  private readonly begun: number[] = []

  /** @param now milliseconds of a clock that never goes back. */
  constructor({ maxPerMinute, now = () => performance.now() }: { maxPerMinute: number; now?: () => number }) {
    this.most = maxPerMinute
    this.now = now
  }

  /** Begin one more. @returns whether it may. */
  admit(): boolean {
    const since = this.now() - MINUTE_MS
    while (this.begun[0] !== undefined && this.begun[0] <= since) this.begun.shift()
    if (this.begun.length >= this.most) return false
    this.begun.push(this.now())
    return true
  }
}
