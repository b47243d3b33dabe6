import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Deferred } from '../../../core/deferred.js'
import { TrainingError } from '../../../core/errors.js'
import type { EncodedSample } from '../sample-encoder.js'
import type { BatchSetup, BatchSource } from './batch-source.js'
import type { DrawAnswer, DrawTask } from './draw-task.js'

/** The thread's file as it is built; there too for tests of the source. */
const BUILT = fileURLToPath(
  new URL('../../../../dist/experiments/mini/drawing/draw-thread.js', import.meta.url),
)

type Unnumbered<Task> = Task extends { id: number } ? Omit<Task, 'id'> : never

/**
 * Samples that a thread draws: those of a step while the one before it is learned. They are the same as `openBatchSource` gives, whichever were asked for before. What the thread meets with fails what was
 * asked for; when it ends, all that is asked for fails.
 */
export function openThreadedBatches(setup: BatchSetup): BatchSource {
  const worker = new Worker(BUILT, { workerData: setup })
  const waiting = new Map<number, Deferred<EncodedSample[]>>()
  let asked = 0
  let end: TrainingError | null = null
  let ahead: { step: number; samples: Promise<EncodedSample[]> } | null = null

  const fail = (cause: unknown): void => {
    end ??= failure(cause)
    for (const one of waiting.values()) one.reject(end)
    waiting.clear()
  }
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('it has ended')))
  worker.on('message', (answer: DrawAnswer) => {
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.status === 'drawn') one?.resolve(answer.samples)
    else one?.reject(failure(answer.error))
  })

  const ask = (task: Unnumbered<DrawTask>): Promise<EncodedSample[]> => {
    if (end !== null) return Promise.reject(end)
    const id = asked++
    const answer = new Deferred<EncodedSample[]>()
    waiting.set(id, answer)
    worker.postMessage({ ...task, id } satisfies DrawTask)
    return answer.promise
  }
  const batchOf = (step: number): Promise<EncodedSample[]> => ask({ kind: 'batch', step })

  return {
    async batch(step) {
      const samples = ahead?.step === step ? ahead.samples : batchOf(step)
      const next = step + 1
      ahead = next < setup.config.steps ? { step: next, samples: batchOf(next) } : null
      return samples
    },
    held: (request) => ask({ kind: 'held', request }),
    async close() {
      await worker.terminate()
    },
  }
}

function failure(cause: unknown): TrainingError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TrainingError(`samples could not be drawn in their thread: ${reason}`, { cause })
}
