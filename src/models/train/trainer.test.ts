import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { openBackend } from '../backend/open-backend.js'
import { tinyIds, tinyImage, tinyModel } from '../testing/tiny-model.js'
import { ADAMW_DEFAULTS } from './adamw.js'
import type { LossGradient } from './loss-gradient.js'
import { createTrainer, type Trainer } from './trainer.js'
import type { TrainingSegment } from './training-segment.js'

beforeAll(() => openBackend('wasm'))

/** Of the mean negative log-probability over all learned tokens. */
const crossEntropy: LossGradient = (logprobs) => {
  const count = logprobs.reduce((sum, { length }) => sum + length, 0)
  return logprobs.map((part) => part.map(() => -1 / count))
}

const meanOf = (parts: readonly Float32Array[]): number => {
  const all = parts.flatMap((part) => [...part])
  return all.reduce((sum, value) => sum + value, 0) / all.length
}

function segment(seed: string, height = 2): TrainingSegment {
  const images = [tinyImage({ height, width: 4, seed })]
  const ids = Int32Array.from(tinyIds({ count: 5, images, seed }))
  return { ids, images, mask: Uint8Array.from(ids, (_, at) => (at > ids.length - 4 ? 1 : 0)) }
}

const SEGMENTS = [segment('a'), segment('b', 4), segment('c')]
const OPTIMIZER = { ...ADAMW_DEFAULTS, weightDecay: 0.01 }

test.each(['qwen2_5_vl', 'qwen3_vl'] as const)(
  'a new %s learns what it is shown by heart',
  async (family) => {
    const trainer = createTrainer({ ...tinyModel(family), optimizer: OPTIMIZER })
    const before = meanOf(await trainer.logprobs({ segments: SEGMENTS }))
    for (let step = 0; step < 40; step++) {
      trainer.backward({ segments: SEGMENTS, gradient: crossEntropy })
      await trainer.update({ learningRate: 0.01, maxNorm: 1 })
    }
    expect(before).toBeLessThan(-2)
    expect(meanOf(await trainer.logprobs({ segments: SEGMENTS }))).toBeGreaterThan(-0.1)
    trainer.dispose()
  },
)

test('segments one after the other give the update of all at once', async () => {
  const together = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: OPTIMIZER })
  const apart = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: OPTIMIZER })
  const count = SEGMENTS.length * 3
  const share: LossGradient = (logprobs) => logprobs.map((part) => part.map(() => -1 / count))
  together.backward({ segments: SEGMENTS, gradient: share })
  for (const one of SEGMENTS) apart.backward({ segments: [one], gradient: share })
  const [a, b] = [await together.update({ learningRate: 0.01 }), await apart.update({ learningRate: 0.01 })]
  expect(b.gradientNorm).toBeCloseTo(a.gradientNorm, 4)
  await expectSameWeights(together, apart, 3)
})

test('what is frozen stays, whatever is trained', async () => {
  const { config, weights } = tinyModel('qwen2_5_vl')
  const isVision = (name: string): boolean => name.startsWith('model.visual.')
  const before = new Map<string, Float32Array>()
  for (const name of weights.names) before.set(name, Float32Array.from(await weights.get(name).data()))
  const trainer = createTrainer({
    config,
    weights,
    isTrained: (name) => !isVision(name),
    optimizer: OPTIMIZER,
  })
  trainer.backward({ segments: SEGMENTS, gradient: crossEntropy })
  await trainer.update({ learningRate: 0.01 })
  for (const [name, values] of before) {
    const now = Float32Array.from(await trainer.weights.get(name).data())
    if (isVision(name)) expect(now).toEqual(values)
    else expect(now).not.toEqual(values)
  }
})

test('a gradient is clipped to its norm over all parameters', async () => {
  const [free, clipped] = [1e9, 1e-9].map(() =>
    createTrainer({ ...tinyModel('qwen3_vl'), optimizer: { ...OPTIMIZER, epsilon: 1 } }),
  )
  if (free === undefined || clipped === undefined) throw new Error('expected two trainers')
  free.backward({ segments: SEGMENTS, gradient: crossEntropy })
  clipped.backward({ segments: SEGMENTS, gradient: crossEntropy })
  const a = await free.update({ learningRate: 1, maxNorm: 1e9 })
  const b = await clipped.update({ learningRate: 1, maxNorm: a.gradientNorm / 10 })
  expect(b.gradientNorm).toBeCloseTo(a.gradientNorm, 5)
  const name = 'model.language_model.norm.weight'
  const moment = async (trainer: Trainer): Promise<number> =>
    (await trainer.optimizer.moments().get(name)?.first.data())?.[0] ?? NaN
  expect((await moment(clipped)) / (await moment(free))).toBeCloseTo(0.1, 3)
})

test('a gradient that is not finite is let go of, and changes nothing', async () => {
  const trainer = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: OPTIMIZER })
  const before = await trainer.logprobs({ segments: SEGMENTS })
  trainer.backward({ segments: SEGMENTS, gradient: (parts) => parts.map((part) => part.map(() => 1e30)) })
  await expect(trainer.update({ learningRate: 0.01 })).rejects.toThrow(
    /expected a finite gradient, got one whose norm is Infinity/,
  )
  expect(await trainer.logprobs({ segments: SEGMENTS })).toEqual(before)
  trainer.backward({ segments: SEGMENTS, gradient: crossEntropy })
  expect((await trainer.update({ learningRate: 0.01 })).gradientNorm).toBeLessThan(100)
})

test('at a temperature, the gradient is that of the log-probabilities at it', async () => {
  const trainer = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: { ...OPTIMIZER, weightDecay: 0 } })
  const batch = { segments: SEGMENTS, temperature: 0.5 }
  const before = meanOf(await trainer.logprobs(batch))
  trainer.backward({ ...batch, gradient: crossEntropy })
  const { gradientNorm } = await trainer.update({ learningRate: 1e-4 })
  trainer.backward({ ...batch, gradient: crossEntropy })
  const again = await trainer.update({ learningRate: 1e-4 })
  expect(meanOf(await trainer.logprobs(batch))).toBeGreaterThan(before)
  expect(Math.abs(again.gradientNorm / gradientNorm - 1)).toBeLessThan(0.1)
  // Halved scores: other slopes.
  trainer.backward({ segments: SEGMENTS, gradient: crossEntropy })
  expect((await trainer.update({ learningRate: 0 })).gradientNorm).toBeLessThan(0.8 * gradientNorm)
})

test('training leaves no tensor behind', async () => {
  const trainer = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: OPTIMIZER })
  const round = async (): Promise<void> => {
    trainer.backward({ segments: SEGMENTS.slice(0, 1), gradient: crossEntropy })
    trainer.backward({ segments: SEGMENTS.slice(1), gradient: crossEntropy })
    await trainer.update({ learningRate: 0.001 })
  }
  await round()
  const before = memory().numTensors
  for (let step = 0; step < 10; step++) await round()
  expect(memory().numTensors).toBe(before)
})

test.each([
  [
    'of another number of tokens',
    () => [new Float32Array(1)],
    /expected a gradient for each learned token \(3\), got 1/,
  ],
  [
    'that is not finite',
    (parts: readonly Float32Array[]) => parts.map((part) => part.map(() => NaN)),
    /expected finite gradients/,
  ],
  [
    'that fails',
    (): readonly Float32Array[] => {
      throw new Error('the loss is not known')
    },
    /the loss is not known/,
  ],
])('a gradient of the loss %s is refused, and changes nothing', async (_, gradient, message) => {
  const trainer = createTrainer({ ...tinyModel('qwen3_vl'), optimizer: OPTIMIZER })
  const held = memory().numTensors
  expect(() => trainer.backward({ segments: SEGMENTS.slice(0, 1), gradient })).toThrow(message)
  expect(memory().numTensors).toBe(held)
  expect(await trainer.update({ learningRate: 1 })).toEqual({ gradientNorm: 0 })
})

test('a step that breaks off on its way forth leaves nothing in memory', () => {
  const { config, weights } = tinyModel('qwen3_vl')
  // Behind the tower and two layers it misses the parameters of a third.
  const deeper = { ...config, text: { ...config.text, layers: 3 } }
  const trainer = createTrainer({ config: deeper, weights, optimizer: OPTIMIZER })
  const held = memory().numTensors
  expect(() => trainer.backward({ segments: SEGMENTS, gradient: crossEntropy })).toThrow(
    /expected the parameter .*layers\.2/,
  )
  expect(memory().numTensors).toBe(held)
  trainer.dispose()
})

test('a trainer of nothing lets go of the weights that it took over', () => {
  const held = memory().numTensors
  expect(() =>
    createTrainer({ ...tinyModel('qwen3_vl'), isTrained: () => false, optimizer: OPTIMIZER }),
  ).toThrow(/expected parameters to train/)
  expect(memory().numTensors).toBe(held)
})

async function expectSameWeights(a: Trainer, b: Trainer, digits: number): Promise<void> {
  const name = 'model.language_model.layers.0.mlp.up_proj.weight'
  const [left, right] = [await a.weights.get(name).data(), await b.weights.get(name).data()]
  for (const [at, value] of [...left].entries()) expect(right[at]).toBeCloseTo(value, digits)
}
