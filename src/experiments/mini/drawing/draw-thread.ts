// Runs in a thread of its own: draws samples and writes them as tokens and patches, whose memory goes over to the thread that asked.
import { parentPort, workerData } from 'node:worker_threads'
import type { EncodedSample } from '../sample-encoder.js'
import { openBatchSource, type BatchSetup, type BatchSource } from './batch-source.js'
import type { DrawAnswer, DrawTask } from './draw-task.js'

const source = await openBatchSource(workerData as BatchSetup)

parentPort?.on('message', (task: DrawTask) => void answer(task))

async function answer(task: DrawTask): Promise<void> {
  const { id } = task
  try {
    const samples = await draw(source, task)
    tell({ id, status: 'drawn', samples }, buffersOf(samples))
  } catch (error) {
    tell({ id, status: 'failed', error })
  }
}

function tell(message: DrawAnswer, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred)
}

function draw(from: BatchSource, task: DrawTask): Promise<EncodedSample[]> {
  return task.kind === 'batch' ? from.batch(task.step) : from.held(task.request)
}

/** Each once. */
function buffersOf(samples: readonly EncodedSample[]): ArrayBuffer[] {
  const arrays = samples.flatMap(({ segment: { ids, mask, images } }) => [
    ids,
    mask,
    ...images.map(({ pixels }) => pixels),
  ])
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]
}
