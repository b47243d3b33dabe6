import { setImmediate } from 'node:timers/promises'

/** Longest time for which work holds the event loop, where it can be interrupted. */
const SLICE_MS = 8

/** To be awaited between pieces of long work: lets other requests be answered when enough time was spent. */
export function breather({ sliceMs = SLICE_MS }: { sliceMs?: number } = {}): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await setImmediate()
    since = performance.now()
  }
}
