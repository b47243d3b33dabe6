import { expect, test } from '@jest/globals'
import { policyLoss } from './policy-loss.js'

const bounds = { clipLow: 0.2, clipHigh: 0.28, dualClip: 10 }

test('where nothing is clipped the loss is −A r, and so is its derivative', () => {
  const { value, derivative, isClipped } = policyLoss({
    token: { logprob: Math.log(0.55), old: Math.log(0.5), advantage: 2 },
    bounds,
  })
  expect(value).toBeCloseTo(-2.2, 12)
  expect(derivative).toBeCloseTo(-2.2, 12)
  expect(isClipped).toBe(false)
})

test('a token that is far likelier already, and was good, is not pushed further', () => {
  const token = { logprob: Math.log(0.9), old: Math.log(0.5), advantage: 2 }
  expect(policyLoss({ token, bounds })).toMatchObject({ derivative: 0, isClipped: true })
  expect(policyLoss({ token, bounds }).value).toBeCloseTo(-2.56, 12)
})

test('a token that was bad is pushed down however likely it has become, up to the dual clip', () => {
  const likelier = policyLoss({
    token: { logprob: Math.log(0.9), old: Math.log(0.1), advantage: -1 },
    bounds,
  })
  expect(likelier.derivative).toBeCloseTo(9, 12)
  expect(likelier.isDualClipped).toBe(false)
  const far = policyLoss({ token: { logprob: Math.log(0.9), old: Math.log(0.01), advantage: -1 }, bounds })
  expect(far).toMatchObject({ value: 10, derivative: 0, isDualClipped: true })
})

test('the derivative is that of the value', () => {
  const step = 1e-6
  for (const advantage of [-1.5, 0.7])
    for (const [logprob, old] of [
      [-1, -1.05],
      [-1, -1.6],
      [-1.6, -1],
    ] as const) {
      const value = (moved: number): number =>
        policyLoss({ token: { logprob: logprob + moved, old, advantage }, bounds }).value
      const slope = (value(step) - value(-step)) / (2 * step)
      const { derivative } = policyLoss({ token: { logprob, old, advantage }, bounds, weight: 3 })
      expect(derivative).toBeCloseTo(3 * slope, 6)
    }
})

test('a token that was sampled under another policy weighs as much as it is likelier now, at most the cap', () => {
  const token = { logprob: -1, old: -1, sampled: -2, advantage: 1 }
  expect(policyLoss({ token, bounds: { ...bounds, importanceCap: 10 } }).derivative).toBeCloseTo(-Math.E, 12)
  expect(policyLoss({ token, bounds: { ...bounds, importanceCap: 2 } }).derivative).toBe(-2)
})

test('a dual clip that is not above 1 is refused', () => {
  const token = { logprob: -1, old: -1, advantage: 1 }
  expect(() => policyLoss({ token, bounds: { ...bounds, dualClip: 1 } })).toThrow('expected more than 1')
})
