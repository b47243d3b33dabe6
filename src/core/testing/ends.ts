import { runInNewContext } from 'node:vm'

/** Far beyond what anything in linear time takes, and far below what a hang does. */
const DEADLINE_MS = 60_000

/**
 * What a function returns that must come to an end: a test's own deadline does not reach code that never gives way.
 * @throws Error where it has not ended after a minute
 */
export function ends<T>(action: () => T): T {
  return runInNewContext('action()', { action }, { timeout: DEADLINE_MS }) as T
}
