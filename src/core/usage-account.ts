import type { TokenUsage } from './policy.js'

/** What a model behind a server was used for; replies from the cache cost neither calls nor tokens. */
export interface UsageTally extends TokenUsage {
  /** Replies that the server gave. */
  calls: number
  /** Replies taken from the cache, or from the same question that was being asked at that moment. */
  cached: number
}

/** Counts what a model is used for, and holds it to its caps. */
export interface UsageAccount {
  /** With what {@link UsageAccount.carry} added. */
  readonly tally: Readonly<UsageTally>
  /** What a tally costs; null where no price is known. `amount` in whole units of the currency. */
  costOf(tally: UsageTally): { amount: number; currency: string } | null
  /** Count what earlier sessions of the run used: caps are the whole run's. */
  carry(earlier: UsageTally): void
}
