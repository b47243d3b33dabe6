import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { learningRateFactor } from './learning-rate.js'
import { warmupOf } from './warmup-of.js'

test('a number below 1 is a share of all steps, else steps', () => {
  expect(warmupOf({ warmup: 0.05, totalSteps: 40 })).toEqual({ share: 0.05 })
  expect(warmupOf({ warmup: 3, totalSteps: 40 })).toEqual({ steps: 3 })
})

test('a share leaves a training of one step its step, which learns at the whole rate', () => {
  const warmup = warmupOf({ warmup: 0.05, totalSteps: 1 })
  for (const kind of ['constant', 'linear', 'cosine'] as const)
    expect(learningRateFactor({ step: 0, schedule: { kind, warmup, totalSteps: 1 } })).toBe(1)
})

test('steps of warm-up that leave a training no other rate than 0 are refused', () => {
  const one = () => warmupOf({ warmup: 1, totalSteps: 1 })
  expect(one).toThrow(UsageError)
  expect(one).toThrow(
    'training.warmup: expected 0, or a share below 1, for a training of one step, got 1: a warm-up begins with the learning rate 0, and nothing would be learned. Change it, or take more steps',
  )
  expect(warmupOf({ warmup: 0, totalSteps: 1 })).toEqual({ share: 0 })
  expect(warmupOf({ warmup: 9, totalSteps: 2 })).toEqual({ steps: 9 })
})
