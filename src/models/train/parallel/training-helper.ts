import { fileURLToPath } from 'node:url'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { tensor, type Tensor } from '@tensorflow/tfjs-core'
import { ModelError } from '../../../core/errors.js'
import type { ModelConfig } from '../../config/model-config.js'
import { concatenated } from '../segment-gradients.js'
import { dividedBySegment } from '../segment-logprobs.js'
import { learnedTokens, type TrainingSegment } from '../training-segment.js'
import type { HelperFailure, HelperSetup, HelperTask } from './helper-task.js'
import { sharedNumbers, type SharedWeights } from './shared-weights.js'
import { awaitTurn, currentTurn, passTurn, TURN, type Turn } from './turn.js'

/**
 * A thread that computes some of a batch. Whoever calls it sleeps while it waits, since the loss is asked for in the middle of a pass.
 * All but `close` throw a ModelError when the thread has ended or could not compute what it was given.
 */
export interface TrainingHelper {
  /** Begin the forward pass of some segments. */
  begin(given: { segments: readonly TrainingSegment[]; temperature: number; wantsGradients: boolean }): void
  /** Wait for the log-probabilities, segment by segment. */
  logprobs(): Float32Array[]
  /** Begin the way back with the loss's gradient by each of them. */
  answer(slopes: readonly Float32Array[]): void
  /** Wait for the gradient of each parameter that the loss reached; the tensors are the caller's. */
  gradients(): Map<string, Tensor>
  /** Wait until it is idle, whatever it was asked for; a thread that has ended is left alone. */
  withdraw(): void
  /** End the thread. */
  close(): void
}

/** The thread's file as it is built; there too for tests of the source. */
const BUILT = fileURLToPath(
  new URL('../../../../dist/models/train/parallel/helper-thread.js', import.meta.url),
)

/** Start a thread that computes with `weights`, as they are whenever it begins. @throws ModelError when it does not start. */
export async function openTrainingHelper({
  config,
  weights,
}: {
  config: ModelConfig
  weights: SharedWeights
}): Promise<TrainingHelper> {
  const { port1: failures, port2 } = new MessageChannel()
  const setup: HelperSetup = {
    config,
    adapterScale: weights.adapterScale,
    frozen: weights.frozen,
    trained: weights.trained,
    parameters: weights.parameters,
    gradients: sharedNumbers(weights.parameters.length),
    reached: new Uint8Array(new SharedArrayBuffer(weights.trained.length)),
    cell: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    failures: port2,
  }
  const worker = new Worker(BUILT, { workerData: setup, transferList: [port2] })
  let end: { cause?: unknown } | null = null
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.on('error', (cause) => reject(ended((end = { cause }))))
    worker.on('exit', () => reject(ended((end ??= {}))))
  })
  worker.unref()
  return createHelper({ worker, setup, failures, endOf: () => end, revisionOf: () => weights.revision })
}

function createHelper({
  worker,
  setup: { cell, trained, gradients, reached },
  failures,
  endOf,
  revisionOf,
}: {
  worker: Worker
  setup: HelperSetup
  failures: MessagePort
  endOf: () => { cause?: unknown } | null
  revisionOf: () => number
}): TrainingHelper {
  let counts: number[] = []
  let numbers = sharedNumbers(0)
  // While this thread sleeps no event tells of the other's end; but an ended loop has no idle time.
  const check = (): void => {
    const end = endOf()
    if (end !== null) throw ended(end)
    if (worker.performance.eventLoopUtilization().idle < 0) throw ended({})
  }
  const settled = (turn: Turn): Turn => {
    const next = currentTurn(cell) === turn ? awaitTurn({ cell, turn, check }) : currentTurn(cell)
    if (next !== TURN.failed) return next
    passTurn({ cell, to: TURN.idle })
    const { message } = receiveMessageOnPort(failures)?.message as HelperFailure
    throw new ModelError(`a helper thread of the trainer could not compute its share: ${message}`)
  }
  return {
    begin({ segments, temperature, wantsGradients }) {
      check()
      counts = learnedTokens(segments).counts
      numbers = sharedNumbers(counts.reduce((sum, count) => sum + count, 0))
      passTurn({ cell, to: TURN.forwards })
      const sent = segments.map(({ ids, mask, images }) => ({
        ids,
        mask,
        images: images.map(({ patches, grid }) => ({ patches, grid })),
      }))
      const task = { segments: sent, temperature, revision: revisionOf(), wantsGradients, numbers }
      worker.postMessage(task satisfies HelperTask)
    },
    logprobs() {
      settled(TURN.forwards)
      return dividedBySegment({ values: numbers, counts })
    },
    answer(slopes) {
      numbers.set(concatenated(slopes))
      passTurn({ cell, to: TURN.backwards })
    },
    gradients() {
      settled(TURN.backwards)
      const computed = new Map<string, Tensor>()
      for (const [at, { name, shape, start, size }] of trained.entries())
        if (reached[at] === 1) computed.set(name, tensor(gradients.slice(start, start + size), shape))
      return computed
    },
    withdraw() {
      try {
        if (currentTurn(cell) === TURN.forwards) settled(TURN.forwards)
        if (currentTurn(cell) === TURN.slopes) passTurn({ cell, to: TURN.withdrawn })
        for (const turn of [TURN.withdrawn, TURN.backwards]) settled(turn)
      } catch (error) {
        // It is withdrawn because something failed, which is told already.
        if (!(error instanceof ModelError)) throw error
      }
    },
    close() {
      void worker.terminate()
      failures.close()
    },
  }
}

function ended({ cause }: { cause?: unknown }): ModelError {
  return new ModelError(
    `a helper thread of the trainer has ended${cause instanceof Error ? ` (${cause.message})` : ''}; open the model anew to go on from its last checkpoint, or train without helpers (workers: 0)`,
    { cause },
  )
}
