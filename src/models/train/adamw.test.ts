import { tensor, tensor1d, tensor2d, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from '@jest/globals'
import { openBackend } from '../backend/open-backend.js'
import { ADAMW_DEFAULTS, createAdamW, type AdamW } from './adamw.js'

beforeAll(() => openBackend('cpu'))

const after = (optimizer: AdamW, name: string, value: Tensor, gradient: Tensor): number =>
  optimizer.next({ name, value, gradient, learningRate: 0.1 }).dataSync()[0] ?? NaN

test('two updates are those of the formula', () => {
  const optimizer = createAdamW({ ...ADAMW_DEFAULTS, beta1: 0.5, beta2: 0.75 })
  optimizer.begin()
  // Moments 0.25 and 0.0625, corrected 0.5 and 0.25: a move of 0.1 · 0.5 / 0.5.
  expect(after(optimizer, 'w', tensor([1]), tensor([0.5]))).toBeCloseTo(0.9, 6)
  optimizer.begin()
  // Moments 0.625 and 0.296875, corrected 0.8333 and 0.6786: a move of 0.1 · 0.8333 / 0.8238.
  expect(after(optimizer, 'w', tensor([0.9]), tensor([1]))).toBeCloseTo(0.798839, 5)
  expect(optimizer.steps).toBe(2)
})

test('matrices decay, tables of embeddings among them; norms and biases do not', () => {
  const optimizer = createAdamW({ ...ADAMW_DEFAULTS, weightDecay: 0.5 })
  optimizer.begin()
  expect(after(optimizer, 'matrix', tensor2d([[2]]), tensor2d([[0]]))).toBeCloseTo(1.9, 6)
  expect(after(optimizer, 'bias', tensor1d([2]), tensor1d([0]))).toBe(2)
})

test('a parameter that its first gradient reaches late begins then, as torch has it', () => {
  const optimizer = createAdamW(ADAMW_DEFAULTS)
  for (let step = 0; step < 5; step++) {
    optimizer.begin()
    after(optimizer, 'early', tensor([1]), tensor([0.5]))
  }
  expect(after(optimizer, 'late', tensor([1]), tensor([0.5]))).toBeCloseTo(0.9, 6)
})
