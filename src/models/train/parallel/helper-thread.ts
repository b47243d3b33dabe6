// Runs in a thread of its own: computes log-probabilities and gradients of its share of segments, on a WebAssembly backend of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { tensor, tidy, variable, type Tensor } from '@tensorflow/tfjs-core'
import { openBackend } from '../../backend/open-backend.js'
import { heldWeights } from '../../weights/load-weights.js'
import { concatenated, segmentGradients } from '../segment-gradients.js'
import { dividedBySegment, logprobTensor, type SegmentBatch } from '../segment-logprobs.js'
import type { HelperFailure, HelperSetup, HelperTask } from './helper-task.js'
import { awaitTurn, passTurn, TURN } from './turn.js'

/** Ends a task whose slopes do not come. */
class Withdrawn extends Error {}

const setup = workerData as HelperSetup
const { config, cell, gradients, reached } = setup
await openBackend('wasm')
const trained = new Map(
  setup.trained.map(({ name, shape, start, size }) => [
    name,
    variable(tensor(setup.parameters.slice(start, start + size), shape)),
  ]),
)
const held = new Map<string, Tensor>(trained)
for (const { name, shape, values } of setup.frozen) held.set(name, tensor(values.slice(), shape))
const weights = heldWeights({ held, adapterScale: setup.adapterScale })
let revision = 0

parentPort?.on('message', (task: HelperTask) => {
  try {
    if (task.revision !== revision) takeWeights()
    revision = task.revision
    const batch = { segments: task.segments, temperature: task.temperature, config, weights }
    if (task.wantsGradients) learn({ batch, numbers: task.numbers })
    else task.numbers.set(tidy(() => logprobTensor(batch).values).dataSync())
    passTurn({ cell, to: TURN.idle })
  } catch (error) {
    if (error instanceof Withdrawn) return passTurn({ cell, to: TURN.idle })
    const message = error instanceof Error ? error.message : String(error)
    setup.failures.postMessage({ message } satisfies HelperFailure)
    passTurn({ cell, to: TURN.failed })
  }
})
parentPort?.postMessage('ready')

function takeWeights(): void {
  for (const { name, shape, start, size } of setup.trained)
    tidy(() => trained.get(name)?.assign(tensor(setup.parameters.slice(start, start + size), shape)))
}

function learn({ batch, numbers }: { batch: SegmentBatch; numbers: Float32Array }): void {
  const computed = segmentGradients({
    ...batch,
    trained,
    gradient(logprobs) {
      numbers.set(concatenated(logprobs))
      passTurn({ cell, to: TURN.slopes })
      if (awaitTurn({ cell, turn: TURN.slopes }) === TURN.withdrawn) throw new Withdrawn()
      return dividedBySegment({ values: numbers, counts: logprobs.map(({ length }) => length) })
    },
  })
  reached.fill(0)
  for (const [at, { name, start }] of setup.trained.entries()) {
    const own = computed.gradients.get(name)
    if (own === undefined) continue
    gradients.set(own.dataSync(), start)
    reached[at] = 1
    own.dispose()
  }
}
