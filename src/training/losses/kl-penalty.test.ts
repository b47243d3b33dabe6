import { expect, test } from '@jest/globals'
import { KL_PENALTIES, type KlPenalty } from '../../core/training-choices.js'
import { klPenalty } from './kl-penalty.js'

test('each estimator is the field’s, at one distance worked out by hand', () => {
  const value = (kind: KlPenalty): number => klPenalty({ logprob: -1, reference: -1.5, kind }).value
  expect([value('kl'), value('abs'), value('mse')]).toEqual([0.5, 0.5, 0.125])
  expect(value('low_var_kl')).toBeCloseTo(Math.exp(-0.5) + 0.5 - 1, 15)
  expect([value('k1'), value('k2'), value('k3')]).toEqual([value('kl'), value('mse'), value('low_var_kl')])
})

test.each(KL_PENALTIES)('the derivative of %s is that of its value', (kind) => {
  const step = 1e-6
  for (const logprob of [-1, -2.5]) {
    const value = (moved: number): number =>
      klPenalty({ logprob: logprob + moved, reference: -1.5, kind }).value
    const slope = (value(step) - value(-step)) / (2 * step)
    expect(klPenalty({ logprob, reference: -1.5, kind }).derivative).toBeCloseTo(slope, 6)
  }
})

test('a token far from the reference costs no more than the bound, and is not pulled by it', () => {
  expect(klPenalty({ logprob: -9, reference: -1, kind: 'low_var_kl' })).toEqual({ value: 10, derivative: 0 })
})
