import { expect, test } from '@jest/globals'
import { tinyConfig } from '../testing/tiny-config.js'
import { memoryNeed } from '../weights/memory-need.js'
import { helperNeed, trainingNeed } from './training-need.js'
import { TRAINS_ALL } from './trains.js'

const config = tinyConfig('qwen3_vl')

test('training all parameters holds each four times more', () => {
  expect(trainingNeed({ config, trains: TRAINS_ALL })).toBe(4 * memoryNeed(config).weights)
})

test('training adapters holds those, and four times more', () => {
  // Two layers of [24 → 4 heads of 8], of rank 2.
  const trains = { kind: 'lora', rank: 2, alpha: 2, targets: ['q_proj'] } as const
  expect(trainingNeed({ config, trains })).toBe(5 * 4 * 2 * 2 * (24 + 32))
})

test('a helper holds the model once more, and gradients twice', () => {
  const { weights } = memoryNeed(config)
  expect(helperNeed({ config, trains: TRAINS_ALL })).toBe(3 * weights)
  const trains = { kind: 'lora', rank: 2, alpha: 2, targets: ['q_proj'] } as const
  expect(helperNeed({ config, trains })).toBe(weights + 3 * 4 * 2 * 2 * (24 + 32))
})
