import { expect } from '@jest/globals'
import type { StepRequest } from '../core/trainable-policy.js'
import { lessons } from './testing/conversations.js'
import { farthest, flat, likelihood, meanLoss } from './testing/numbers.js'
import { setUpTorch, withTorch } from './testing/torch-setup.js'

const { open } = setUpTorch()

withTorch(
  'a step in parts is the step as a whole, and a gradient that fails leaves nothing behind',
  async () => {
    const whole = await open({ train: 'full' })
    const parted = await open({ train: 'full', batchTokens: 1 })
    const rollouts = await lessons(whole)
    const total = flat(await whole.logprobs({ rollouts })).length
    const asked: (readonly number[])[] = []
    const broken = parted.step({
      rollouts,
      learningRate: 1e-3,
      gradient: (part) => {
        if (part.rollouts[0] === 1) throw new RangeError('no such loss')
        return likelihood(total)(part)
      },
    })
    await expect(broken).rejects.toThrow('no such loss')
    const step = { rollouts, learningRate: 1e-3 }
    const one = await whole.step({ ...step, gradient: likelihood(total) })
    const other = await parted.step({
      ...step,
      gradient: (part) => {
        asked.push(part.rollouts)
        return likelihood(total)(part)
      },
    })
    expect(asked).toEqual([[0], [1], [2]])
    expect(other.gradientNorm).toBeCloseTo(one.gradientNorm, 4)
    const [left, right] = [await whole.logprobs({ rollouts }), await parted.logprobs({ rollouts })]
    expect(farthest(flat(left), flat(right))).toBeLessThan(1e-3)
  },
)

withTorch('a reference keeps the weights that were there when it was taken', async () => {
  const policy = await open({ train: 'lora' })
  const rollouts = await lessons(policy)
  const before = flat(await policy.logprobs({ rollouts }))
  const reference = await policy.reference()
  await policy.step({ rollouts, learningRate: 1e-2, gradient: likelihood(20) })
  await policy.step({ rollouts, learningRate: 1e-2, gradient: likelihood(20) })
  const after = flat(await policy.logprobs({ rollouts }))
  expect(farthest(flat(await reference.logprobs({ rollouts })), before)).toBe(0)
  expect(farthest(before, after)).toBeGreaterThan(1e-3)
  expect(farthest(flat(await policy.logprobs({ rollouts })), after)).toBe(0)
  await reference.dispose()
})

withTorch('bfloat16 weights learn at rates whose steps bfloat16 cannot hold', async () => {
  const policy = await open({ train: 'full', dtype: 'bfloat16' })
  expect(policy.facts.dtype).toBe('bfloat16')
  const rollouts = await lessons(policy)
  const total = flat(await policy.logprobs({ rollouts })).length
  const before = meanLoss(await policy.logprobs({ rollouts }))
  for (let at = 0; at < 60; at++)
    await policy.step({ rollouts, learningRate: 1e-4, gradient: likelihood(total) })
  expect(meanLoss(await policy.logprobs({ rollouts }))).toBeLessThan(before - 0.02)
})

withTorch('steps that are asked for at the same time are the steps one after the other', async () => {
  const [queued, awaited] = [
    await open({ train: 'lora', batchTokens: 1 }),
    await open({ train: 'lora', batchTokens: 1 }),
  ]
  const rollouts = await lessons(queued)
  const step = { rollouts, learningRate: 5e-3, gradient: likelihood(50) }
  const norms = await Promise.all([queued.step(step), queued.step(step)])
  expect(norms).toEqual([await awaited.step(step), await awaited.step(step)])
  expect(await queued.logprobs({ rollouts })).toEqual(await awaited.logprobs({ rollouts }))
})

withTorch('a gradient that is not finite is told, and changes no weight', async () => {
  const policy = await open({ train: 'full' })
  const rollouts = await lessons(policy)
  const before = flat(await policy.logprobs({ rollouts }))
  const gradient: StepRequest['gradient'] = ({ logprobs }) => logprobs.map((own) => own.map(() => 1e300))
  const { gradientNorm } = await policy.step({ rollouts, learningRate: 1e-2, maxGradientNorm: 1, gradient })
  expect(gradientNorm).toBeNaN()
  expect(farthest(flat(await policy.logprobs({ rollouts })), before)).toBe(0)
  const next = await policy.step({ rollouts, learningRate: 1e-2, gradient: likelihood(20) })
  expect(next.gradientNorm).toBeGreaterThan(0)
})
