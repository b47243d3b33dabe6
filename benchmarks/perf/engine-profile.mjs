// Where the time of the engine goes: kernels by seconds, for reading, writing and learning.
//
//     node benchmarks/perf/engine-profile.mjs [--size 4M] [--backend node] [--work train]
import { parseArgs } from 'node:util'
import { createRequire } from 'node:module'
import { openBackend } from '../../dist/models/backend/open-backend.js'
import { parseModelConfig } from '../../dist/models/config/read-config.js'
import { newWeights } from '../../dist/models/weights/new-weights.js'
import { createTrainer } from '../../dist/models/train/trainer.js'
import { ADAMW_DEFAULTS } from '../../dist/models/train/adamw.js'
import { prefill, decode, train } from './engine-own.mjs'
import { SHAPES, workOf } from './engine-work.mjs'

const tf = createRequire(import.meta.url)('@tensorflow/tfjs-core')
const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '4M' },
    backend: { type: 'string', default: 'node' },
    work: { type: 'string', default: 'train' },
  },
})
await openBackend(options.backend)
const spent = new Map()
const name = tf.getBackend()
for (const kernel of tf.getKernelsForBackend(name)) {
  const inner = kernel.kernelFunc
  tf.unregisterKernel(kernel.kernelName, name)
  tf.registerKernel({
    ...kernel,
    setupFunc: undefined,
    kernelFunc(given) {
      const began = performance.now()
      const out = inner(given)
      const entry = spent.get(kernel.kernelName) ?? { calls: 0, ms: 0 }
      entry.calls++
      entry.ms += performance.now() - began
      spent.set(kernel.kernelName, entry)
      return out
    },
  })
}
const config = parseModelConfig({ value: SHAPES[options.size], where: 'config.json' })
const work = workOf({ threads: 2 })
const image = { patches: work.pixels, grid: { height: work.grid[0], width: work.grid[1] } }
const weights = newWeights({ config, initialization: { seed: 1 } })
const trainer = createTrainer({ config, weights, optimizer: { ...ADAMW_DEFAULTS, weightDecay: 0.01 } })
const model = { config, weights: trainer.weights }
const job = () =>
  options.work === 'train'
    ? train({ trainer, work, image })
    : options.work === 'prefill'
      ? prefill({ model, work, image })
      : decode({ model, work, image, count: Number(options.work) })
await job()
await job()
spent.clear()
const seconds = await job()
const rows = [...spent].sort((a, b) => b[1].ms - a[1].ms)
const total = rows.reduce((sum, [, { ms }]) => sum + ms, 0)
const calls = rows.reduce((sum, [, entry]) => sum + entry.calls, 0)
console.log(
  `${options.work}, ${options.size}, ${options.backend}: ${(seconds * 1000).toFixed(0)} ms; in ${calls} kernels ${total.toFixed(0)} ms`,
)
console.table(
  Object.fromEntries(
    rows
      .slice(0, 20)
      .map(([kernel, { calls: times, ms }]) => [
        kernel,
        { calls: times, ms: Number(ms.toFixed(1)), 'µs a call': Math.round((ms * 1000) / times) },
      ]),
  ),
)
