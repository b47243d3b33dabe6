import { expect, test } from '@jest/globals'
import { describeStart, describeStep } from './training-display.js'

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

test('a step that made no update says so, and why', () => {
  const none = { updates: 0, updatesSkipped: 0, 'groups/usable': 6, 'groups/filtered': 5, 'groups/lone': 1 }
  expect(describeStep({ step: 1, total: 6, figures: none })).toContain(
    'no update: of 6 groups 5 left out by the filter, 1 with one rollout left',
  )
  const equal = { updates: 0, updatesSkipped: 2, 'groups/usable': 3, 'groups/degenerate': 3 }
  expect(describeStep({ step: 1, total: 6, figures: equal })).toBe(
    'step 1/6 · groups without a difference 3 · no update: of 3 groups 3 with equal rewards',
  )
  const failed = { updates: 0, updatesSkipped: 2, 'groups/usable': 1, 'groups/lone': 1, 'groups/empty': 2 }
  expect(describeStep({ step: 1, total: 6, figures: failed })).toContain(
    'no update: of 3 groups 1 with one rollout left, 2 with none',
  )
  const some = { updates: 1, updatesSkipped: 1, 'updatesSkipped/equal': 1 }
  expect(describeStep({ step: 1, total: 6, figures: some })).toBe(
    'step 1/6 · 1 of 2 updates left out: equal rewards',
  )
  const mixed = { updates: 1, updatesSkipped: 3, 'updatesSkipped/lone': 2, 'updatesSkipped/filtered': 1 }
  expect(describeStep({ step: 1, total: 6, figures: mixed })).toBe(
    'step 1/6 · 3 of 4 updates left out: groups with one rollout left, or none, groups left out by the filter',
  )
  expect(describeStep({ step: 1, total: 6, figures: { updates: 2, updatesSkipped: 0 } })).toBe('step 1/6')
})

test('a step whose learning rate is 0 says that it moved nothing', () => {
  expect(describeStep({ step: 1, total: 2, figures: { loss: 2, learningRate: 0 } })).toBe(
    'step 1/2 · loss 2 · learning rate 0: nothing moved',
  )
})

test('calls are told with their unit and as shares', () => {
  expect(describeStep({ step: 1, total: 6, figures: { toolCalls: 1.5, toolErrorRate: 0.25 } })).toBe(
    'step 1/6 · 1.50 calls a rollout · share of failed calls 0.250',
  )
})

test('a session tells the steps it takes, and that there are none', () => {
  expect(describeStart({ step: 2, until: 4, total: 4 })).toBe('steps 3 to 4 of 4')
  expect(describeStart({ step: 4, until: 4, total: 4 })).toBe(
    '4 of 4 steps were taken before; none is to be taken now',
  )
})
