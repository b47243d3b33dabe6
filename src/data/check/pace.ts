import { setImmediate } from 'node:timers/promises'

/** Longest that a computation keeps the process from anything else. */
const TURN_MS = 50

/** Let others have their turn now and then in a long computation: awaited once a step, it mostly does nothing. @throws AbortError when `signal` is aborted. */
export function createPace({
  signal,
  onTurn,
}: {
  signal?: AbortSignal | undefined
  /** How many steps were taken. */
  onTurn: (steps: number) => void
}): () => Promise<void> | undefined {
  let since = performance.now()
  let steps = 0
  return () => {
    steps++
    if (performance.now() - since < TURN_MS) return undefined
    return (async () => {
      onTurn(steps)
      await setImmediate()
      signal?.throwIfAborted()
      since = performance.now()
    })()
  }
}
