import type { Clock } from '../clock.js'

/** A clock that stands still: sleeps are recorded and end at once, unless `isStuck`, when only an abort ends them. */
export interface FakeClock extends Clock {
  readonly sleeps: readonly number[]
}

export function createFakeClock({
  now = 0,
  isStuck = false,
  onSleep,
}: { now?: number; isStuck?: boolean; onSleep?: () => void } = {}): FakeClock {
  const sleeps: number[] = []
  return {
    sleeps,
    now: () => now,
    sleep(ms, signal) {
      sleeps.push(ms)
      onSleep?.()
      if (!isStuck) return Promise.resolve()
      return new Promise((_, reject) => {
        const end = (): void => reject(new Error('The sleep was aborted.'))
        if (signal?.aborted) end()
        signal?.addEventListener('abort', end, { once: true })
      })
    },
  }
}
