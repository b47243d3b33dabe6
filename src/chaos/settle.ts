import { SandboxError } from '../core/errors.js'
import { violate, type Tally } from './tally.js'

/** Longer than all attempts of a call may take together, the start of a host included. */
const HUNG_AFTER_MS = 45_000
const REPEATS = 25
const REPEAT_PAUSE_MS = 40

export type Settled<T> = { how: 'value'; value: T } | { how: 'error'; error: unknown } | { how: 'given up' }

/**
 * Do something to its end: made again where the sandbox says that it may be, given up (and counted) where it hangs or is refused again and again.
 */
export async function settle<T>({
  tally,
  what,
  action,
  hungAfterMs = HUNG_AFTER_MS,
}: {
  tally: Tally
  what: string
  action: () => Promise<T>
  hungAfterMs?: number
}): Promise<Settled<T>> {
  tally.calls += 1
  tally.inFlight += 1
  try {
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const settled = await once(action, hungAfterMs)
      if (settled.how === 'given up') {
        violate(tally, 'hung', `${what} did not end within ${hungAfterMs} ms`)
        return settled
      }
      const isRefused =
        settled.how === 'error' && settled.error instanceof SandboxError && settled.error.isRetryable
      if (!isRefused) return settled
      tally.refused += 1
      await new Promise((resolve) => setTimeout(resolve, REPEAT_PAUSE_MS * (repeat + 1)))
    }
    violate(tally, 'starved', `${what} was refused ${REPEATS} times`)
    return { how: 'given up' }
  } finally {
    tally.inFlight -= 1
  }
}

async function once<T>(action: () => Promise<T>, hungAfterMs: number): Promise<Settled<T>> {
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<Settled<T>>((resolve) => {
    timer = setTimeout(() => resolve({ how: 'given up' }), hungAfterMs)
  })
  const ended = action().then(
    (value): Settled<T> => ({ how: 'value', value }),
    (error: unknown): Settled<T> => ({ how: 'error', error }),
  )
  try {
    return await Promise.race([ended, hung])
  } finally {
    clearTimeout(timer)
  }
}
