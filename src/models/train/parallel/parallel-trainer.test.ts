import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { memory, mul } from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { ModelError } from '../../../core/errors.js'
import { openBackend } from '../../backend/open-backend.js'
import { isAdapter, withAdapters } from '../../lora/with-adapters.js'
import { IMAGE_PAD, tinyConfigJson } from '../../testing/tiny-config.js'
import { tinyIds, tinyImage, tinyModel } from '../../testing/tiny-model.js'
import { ADAMW_DEFAULTS } from '../adamw.js'
import type { LossGradient } from '../loss-gradient.js'
import { createTrainer, type Trainer } from '../trainer.js'
import type { TrainingSegment } from '../training-segment.js'
import { createParallelTrainer } from './parallel-trainer.js'

beforeAll(() => openBackend('wasm'))

const opened: Trainer[] = []
afterEach(() => {
  for (const trainer of opened.splice(0)) trainer.dispose()
})

function segment({ seed, height }: { seed: string; height: number | null }): TrainingSegment {
  const images = height === null ? [] : [tinyImage({ height, width: 4, seed })]
  const ids = Int32Array.from(tinyIds({ count: 5, images, seed }))
  return { ids, images, mask: Uint8Array.from(ids, (_, at) => (at > 0 && ids[at] !== IMAGE_PAD ? 1 : 0)) }
}

const SEGMENTS = [
  segment({ seed: 'a', height: 2 }),
  segment({ seed: 'b', height: 4 }),
  segment({ seed: 'c', height: null }),
  segment({ seed: 'd', height: 2 }),
  segment({ seed: 'e', height: 6 }),
]
const COUNTS = SEGMENTS.map(({ mask }) => mask.filter((own) => own === 1).length)

/** Depends on the log-probabilities, and differs from token to token. */
const uneven: LossGradient = (logprobs) =>
  logprobs.map((own, at) => own.map((value, token) => (-1 - 0.1 * at + 0.05 * token) * (1 + value / 10)))

const OPTIMIZER = { ...ADAMW_DEFAULTS, epsilon: 1e-3, weightDecay: 0.01 }

function alone(family: 'qwen2_5_vl' | 'qwen3_vl', lora: boolean): Trainer {
  const { config, weights } = tinyModel(family)
  const trainer = lora
    ? createTrainer({
        config,
        weights: withAdapters({
          weights,
          config,
          lora: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] },
          seed: 1,
        }),
        isTrained: isAdapter,
        optimizer: OPTIMIZER,
      })
    : createTrainer({ config, weights, optimizer: OPTIMIZER })
  opened.push(trainer)
  return trainer
}

async function parallel(
  family: 'qwen2_5_vl' | 'qwen3_vl',
  { helpers = 1, lora = false }: { helpers?: number; lora?: boolean } = {},
): Promise<Trainer> {
  const own = alone(family, lora)
  const { config } = tinyModel(family)
  const trainer = await createParallelTrainer({ trainer: own, config, helpers, leastTokens: 0 })
  opened.splice(opened.indexOf(own), 1, trainer)
  return trainer
}

async function valuesOf(trainer: Trainer): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>()
  for (const name of trainer.trained)
    values.set(name, Float32Array.from(await trainer.weights.get(name).data()))
  return values
}

async function firstMoments(trainer: Trainer): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>()
  for (const [name, { first }] of trainer.optimizer.moments())
    values.set(name, Float32Array.from(await first.data()))
  return values
}

/** Largest difference by the size of all that is compared. */
function difference(a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>): number {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort())
  let [squares, all] = [0, 0]
  for (const [name, values] of a)
    values.forEach((value, at) => {
      squares += (value - (b.get(name)?.[at] ?? NaN)) ** 2
      all += value ** 2
    })
  return Math.sqrt(squares / all)
}

test.each([
  ['qwen2_5_vl', 1, false],
  ['qwen3_vl', 1, false],
  ['qwen3_vl', 2, false],
  ['qwen2_5_vl', 1, true],
] as const)(
  '%s with %i helpers: gradients and updates are those of one thread (adapters: %s)',
  async (family, helpers, lora) => {
    const [one, shared] = [alone(family, lora), await parallel(family, { helpers, lora })]
    for (let step = 0; step < 3; step++) {
      const expected = one.backward({ segments: SEGMENTS, temperature: 0.7, gradient: uneven })
      const got = shared.backward({ segments: SEGMENTS, temperature: 0.7, gradient: uneven })
      expect(got.map(({ length }) => length)).toEqual(COUNTS)
      got.forEach((own, at) =>
        own.forEach((value, token) => expect(value).toBeCloseTo(expected[at]?.[token] ?? NaN, 4)),
      )
      const a = await one.update({ learningRate: 0.001, maxNorm: 1 })
      const b = await shared.update({ learningRate: 0.001, maxNorm: 1 })
      // From the second step on, the rounding of the weights adds to it.
      const most = step === 0 ? 1e-6 : 1e-5
      expect(Math.abs(b.gradientNorm / a.gradientNorm - 1)).toBeLessThan(most)
      expect(difference(await firstMoments(shared), await firstMoments(one))).toBeLessThan(most)
      expect(difference(await valuesOf(shared), await valuesOf(one))).toBeLessThan(1e-6)
    }
    const [expected, got] = [
      await one.logprobs({ segments: SEGMENTS }),
      await shared.logprobs({ segments: SEGMENTS }),
    ]
    got.forEach((own, at) =>
      own.forEach((value, token) => expect(value).toBeCloseTo(expected[at]?.[token] ?? NaN, 4)),
    )
  },
)

test('the same steps give the same numbers, bit by bit', async () => {
  const results = []
  for (let time = 0; time < 2; time++) {
    const trainer = await parallel('qwen3_vl', { helpers: 2 })
    for (let step = 0; step < 3; step++) {
      trainer.backward({ segments: SEGMENTS, gradient: uneven })
      await trainer.update({ learningRate: 0.01 })
    }
    results.push(await valuesOf(trainer))
  }
  expect(results[1]).toEqual(results[0])
})

test('the loss is asked once for all segments in their order, whoever computed them', async () => {
  const trainer = await parallel('qwen3_vl', { helpers: 2 })
  const asked: number[][] = []
  trainer.backward({
    segments: SEGMENTS,
    gradient(logprobs) {
      asked.push(logprobs.map(({ length }) => length))
      return uneven(logprobs)
    },
  })
  expect(asked).toEqual([COUNTS])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('no loss')
    },
    /no loss/,
  ],
  [
    'gives a number that is not finite',
    (parts: readonly Float32Array[]) => parts.map((own) => own.map(() => NaN)),
    /finite gradients/,
  ],
  [
    'gives too few numbers',
    (parts: readonly Float32Array[]) => parts.slice(1),
    /expected a gradient for each learned token/,
  ],
])(
  'a loss that %s changes nothing, and the next step is as if it had not been',
  async (_, failing, message) => {
    const [one, shared] = [alone('qwen3_vl', false), await parallel('qwen3_vl')]
    expect(() => shared.backward({ segments: SEGMENTS, gradient: failing })).toThrow(message)
    expect(await shared.update({ learningRate: 1 })).toEqual({ gradientNorm: 0 })
    for (const trainer of [one, shared]) {
      trainer.backward({ segments: SEGMENTS, gradient: uneven })
      await trainer.update({ learningRate: 0.001 })
    }
    expect(difference(await valuesOf(shared), await valuesOf(one))).toBeLessThan(1e-6)
  },
)

test('a parameter that is given another value has it in the helpers too', async () => {
  const [one, shared] = [alone('qwen3_vl', false), await parallel('qwen3_vl')]
  const name = 'model.language_model.norm.weight'
  for (const trainer of [one, shared]) trainer.assign({ name, value: mul(trainer.weights.get(name), 3) })
  const [expected, got] = [
    await one.logprobs({ segments: SEGMENTS }),
    await shared.logprobs({ segments: SEGMENTS }),
  ]
  got.forEach((own, at) =>
    own.forEach((value, token) => expect(value).toBeCloseTo(expected[at]?.[token] ?? NaN, 4)),
  )
})

test('what a helper cannot compute is an error of the step; what had added up is let go of, and the helper goes on', async () => {
  const trainer = await parallel('qwen3_vl')
  trainer.backward({ segments: SEGMENTS, gradient: uneven })
  // More pads than the image has tokens: the second longest, which is the helper's.
  const images = [tinyImage({ height: 4, width: 4, seed: 'x' })]
  const short = tinyIds({ count: 5, images, seed: 'x' })
  const ids = Int32Array.from(short)
  const broken = { ids, images: [], mask: Uint8Array.from(ids, (_, at) => (at === ids.length - 1 ? 1 : 0)) }
  const segments = [SEGMENTS[4] ?? broken, broken]
  expect(() => trainer.backward({ segments, gradient: uneven })).toThrow(ModelError)
  await expect(trainer.logprobs({ segments })).rejects.toThrow(
    /a helper thread of the trainer could not compute its share/,
  )
  expect((await trainer.logprobs({ segments: SEGMENTS })).map(({ length }) => length)).toEqual(COUNTS)
})

test('training with helpers leaves no tensor behind', async () => {
  const trainer = await parallel('qwen3_vl')
  const round = async (): Promise<void> => {
    trainer.backward({ segments: SEGMENTS, gradient: uneven })
    await trainer.logprobs({ segments: SEGMENTS })
    await trainer.update({ learningRate: 0.001 })
  }
  await round()
  const before = memory().numTensors
  for (let step = 0; step < 5; step++) await round()
  expect(memory().numTensors).toBe(before)
})

test('a helper that has ended is an error of the step that needs it, and of the next; it keeps no thread from ending', async () => {
  const thread = new Worker(fileURLToPath(new URL('./testing/ended-helper.mjs', import.meta.url)))
  thread.postMessage({ raw: tinyConfigJson({ family: 'qwen3_vl' }) })
  const [{ said, gradientNorm }] = (await once(thread, 'message')) as [
    { said: string[]; gradientNorm: number },
  ]
  const ended = /^ModelError: a helper thread of the trainer has ended/
  expect(said).toEqual(['done', expect.stringMatching(ended), expect.stringMatching(ended)])
  expect(gradientNorm).toBe(0)
  await once(thread, 'exit')
})
