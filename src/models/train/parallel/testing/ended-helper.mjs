// A thread with a trainer whose helper is ended, in the middle of a step and then between two; posts what each step says. Nothing is disposed of: it must end all the same.
import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'

const built = (path) => import(new URL(`../../../../../dist/models/${path}`, import.meta.url).href)
const { openBackend } = await built('backend/open-backend.js')
const { parseModelConfig } = await built('config/read-config.js')
const { ADAMW_DEFAULTS } = await built('train/adamw.js')
const { createParallelTrainer } = await built('train/parallel/parallel-trainer.js')
const { createTrainer } = await built('train/trainer.js')
const { newWeights } = await built('weights/new-weights.js')

parentPort.once('message', async ({ raw }) => {
  await openBackend('wasm')
  const config = parseModelConfig({ value: raw, where: 'config.json' })
  const weights = newWeights({ config, initialization: { seed: 1 } })
  const threads = []
  process.on('worker', (thread) => threads.push(thread))
  const trainer = await createParallelTrainer({
    trainer: createTrainer({ config, weights, optimizer: ADAMW_DEFAULTS }),
    config,
    helpers: 1,
    leastTokens: 0,
  })
  const segment = { ids: Int32Array.of(1, 2, 3), mask: Uint8Array.of(0, 1, 1), images: [] }
  const step = (during) => {
    try {
      trainer.backward({
        segments: [segment, segment],
        gradient(logprobs) {
          during()
          return logprobs.map((own) => own.map(() => -1))
        },
      })
      return 'done'
    } catch (error) {
      return `${error.name}: ${error.message}`
    }
  }
  const said = [step(() => undefined), step(() => void threads[0].terminate())]
  await once(threads[0], 'exit').catch(() => undefined)
  said.push(step(() => undefined))
  const { gradientNorm } = await trainer.update({ learningRate: 0.1 })
  parentPort.postMessage({ said, gradientNorm })
})
