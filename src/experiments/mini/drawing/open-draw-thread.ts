import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Deferred } from '../../../core/deferred.js'
import { TrainingError } from '../../../core/errors.js'
import type { EncodedSample } from '../sample-encoder.js'
import type { BatchSetup } from './batch-source.js'
import type { DrawAnswer, DrawTask } from './draw-task.js'

/** The thread's file as it is built; there too for tests of the source. */
const BUILT = fileURLToPath(
  new URL('../../../../dist/experiments/mini/drawing/draw-thread.js', import.meta.url),
)

type Unnumbered<Task> = Task extends { id: number } ? Omit<Task, 'id'> : never

/** A thread that draws, one task after the other. What it meets with fails what was asked for; when it ends, all that is asked for fails. */
export interface DrawThread {
  ask(task: Unnumbered<DrawTask>): Promise<EncodedSample[]>
  close(): Promise<void>
}

export function openDrawThread(setup: BatchSetup): DrawThread {
  const worker = new Worker(BUILT, { workerData: setup })
  const waiting = new Map<number, Deferred<EncodedSample[]>>()
  let asked = 0
  let end: TrainingError | null = null

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

  return {
    ask(task) {
      if (end !== null) return Promise.reject(end)
      const id = asked++
      const answer = new Deferred<EncodedSample[]>()
      waiting.set(id, answer)
      worker.postMessage({ ...task, id } satisfies DrawTask)
      return answer.promise
    },
    async close() {
      await worker.terminate()
    },
  }
}

function failure(cause: unknown): TrainingError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new TrainingError(`samples could not be drawn in their thread: ${reason}`, { cause })
}
