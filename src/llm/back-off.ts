const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
const LONGEST_RETRY_AFTER_MS = 120_000

/**
 * Milliseconds to wait before a retry: exponential with full jitter, or what the server asked for (at most two minutes) plus a jitter
 * of half a second, so that callers who were refused together do not come back together.
 *
 * @param attempt attempts that failed so far, from 1
 * @param random uniform in [0, 1)
 */
export function backOffDelay({
  attempt,
  retryAfterSeconds,
  random,
}: {
  attempt: number
  retryAfterSeconds?: number | undefined
  random: () => number
}): number {
  if (retryAfterSeconds !== undefined) {
    return Math.min(LONGEST_RETRY_AFTER_MS, retryAfterSeconds * 1000) + random() * FIRST_DELAY_MS
  }
  return random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
}
