import { availableParallelism } from 'node:os'
import type { EncodedSample } from '../sample-encoder.js'
import type { BatchSetup, BatchSource } from './batch-source.js'
import { openDrawThread, type DrawThread } from './open-draw-thread.js'

/** Each holds the samples of a step. */
const MOST_THREADS = 4

/**
 * Samples that threads draw, in turns: those of the next steps while one is learned. They are the same as `openBatchSource` gives, whichever were asked for before. What a thread
 * meets with fails what was asked for; when one ends, all that is asked of it fails.
 * @param parameters.threads default: one for every four cores, which leaves most of them to what learns
 */
export function openThreadedBatches({
  threads: count = Math.max(1, Math.min(MOST_THREADS, Math.floor(availableParallelism() / 4))),
  ...setup
}: BatchSetup & { threads?: number }): BatchSource {
  const threads = Array.from({ length: count }, () => openDrawThread(setup))
  const ahead = new Map<number, Promise<EncodedSample[]>>()
  const threadOf = (step: number): DrawThread => {
    const thread = threads[step % count]
    if (thread === undefined) throw new RangeError(`expected a step from 0 on, got ${step}`)
    return thread
  }
  const draw = (step: number): Promise<EncodedSample[]> => {
    const samples = threadOf(step).ask({ kind: 'batch', step })
    // It may never be asked for.
    samples.catch(() => undefined)
    return samples
  }
  return {
    async batch(step) {
      const samples = ahead.get(step) ?? draw(step)
      for (const other of [...ahead.keys()]) if (other <= step || other > step + count) ahead.delete(other)
      for (let next = step + 1; next <= step + count && next < setup.config.steps; next++)
        if (!ahead.has(next)) ahead.set(next, draw(next))
      return samples
    },
    held: (request) => threadOf(0).ask({ kind: 'held', request }),
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}
