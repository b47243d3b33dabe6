import { performance } from 'node:perf_hooks'

/** Adds up the time, in milliseconds, of the work that it is given. */
export interface Stopwatch {
  measure<T>(work: () => Promise<T>): Promise<T>
  elapsedMs(): number
}

/** Start at zero; work that throws counts too. */
export function createStopwatch(): Stopwatch {
  let total = 0
  return {
    async measure(work) {
      const start = performance.now()
      try {
        return await work()
      } finally {
        total += performance.now() - start
      }
    },
    elapsedMs: () => total,
  }
}
