import { performance } from 'node:perf_hooks'
import type { Waiting, WaitingClock } from './waiting-clock.js'

/** Adds up the time, in milliseconds, of the work that it is given. */
export interface Stopwatch {
  measure<T>(work: () => Promise<T>): Promise<T>
  elapsedMs(): number
}

/** Start at zero; work that throws counts too. A clock is told of all of it. */
export function createStopwatch({
  what,
  clock,
}: {
  what: Waiting
  clock?: WaitingClock | undefined
}): Stopwatch {
  let total = 0
  return {
    async measure(work) {
      const start = performance.now()
      clock?.begin(what)
      try {
        return await work()
      } finally {
        clock?.end(what)
        total += performance.now() - start
      }
    },
    elapsedMs: () => total,
  }
}
