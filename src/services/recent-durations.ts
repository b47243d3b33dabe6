/** The last durations, for a percentile that tells of now. */
export class RecentDurations {
  /** How many are kept. */
  readonly window = 1024
  private readonly latest: number[] = []
  private next = 0

  add(seconds: number): void {
    this.latest[this.next] = seconds
    this.next = (this.next + 1) % this.window
  }

  /** The duration that 95 of 100 did not pass (nearest rank); 0 before the first. */
  p95(): number {
    const sorted = this.latest.toSorted((a, b) => a - b)
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  }
}
