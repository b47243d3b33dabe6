import { expect, test } from '@jest/globals'
import { describeStep } from './training-display.js'

test('a step is told by what a reader looks for, and of what went wrong only what did', () => {
  const figures = {
    'reward/total': 0.41234,
    accuracy: 0.375,
    'rollouts/failed': 0,
    'rollouts/stragglers': 2,
    'seconds/train': 9,
    learningRate: 1e-6,
  }
  expect(describeStep({ step: 3, total: 10, figures })).toBe(
    'step 3/10 · reward 0.412 · accuracy 0.375 · stragglers 2',
  )
})
