import '@tensorflow/tfjs-backend-wasm'
import { env } from '@tensorflow/tfjs-core'
import { expect, test } from '@jest/globals'
import { tinyIds, tinyImage, tinyModel } from '../testing/tiny-model.js'
import { ADAMW_DEFAULTS } from '../train/adamw.js'
import { createTrainer } from '../train/trainer.js'
import { openBackend, type BackendName } from './open-backend.js'

// In a file of its own: the backend loads one of its modules, for good.
test('where WebAssembly has no SIMD, its other module trains as cpu does', async () => {
  const expected = await train('cpu')
  env().set('WASM_HAS_SIMD_SUPPORT', false)
  const trained = await train('wasm')
  expect(expected).toHaveLength(7)
  for (const [at, value] of expected.entries()) expect(trained[at]).toBeCloseTo(value, 3)
})

/** The norm of a step's gradient, and log-probabilities after it. */
async function train(backend: BackendName): Promise<number[]> {
  await openBackend(backend)
  const trainer = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: ADAMW_DEFAULTS })
  const segments = ['a', 'b'].map((seed) => {
    const images = [tinyImage({ height: 2, width: 4, seed })]
    const ids = Int32Array.from(tinyIds({ count: 5, images, seed }))
    return { ids, images, mask: Uint8Array.from(ids, (_, at) => (at > ids.length - 4 ? 1 : 0)) }
  })
  trainer.backward({ segments, gradient: (parts) => parts.map((part) => part.map(() => -1 / 6)) })
  const { gradientNorm } = await trainer.update({ learningRate: 0.001 })
  const logprobs = await trainer.logprobs({ segments })
  trainer.dispose()
  return [gradientNorm, ...logprobs.flatMap((part) => [...part])]
}
