import { expect, test } from '@jest/globals'
import { learningRateFactor, type Schedule } from './learning-rate.js'

const factors = ({ schedule, count }: { schedule: Schedule; count: number }): number[] =>
  Array.from({ length: count }, (_, step) => learningRateFactor({ step, schedule }))

const expectClose = (got: readonly number[], expected: readonly number[]): void => {
  expect(got).toHaveLength(expected.length)
  got.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 12))
}

// Answers of transformers 5.18.
test('a cosine falls as that of transformers does, also past the end', () => {
  const schedule = { kind: 'cosine', warmup: { steps: 3 }, totalSteps: 10 } as const
  expectClose(
    factors({ schedule, count: 12 }),
    [
      0, 0.3333333333333333, 0.6666666666666666, 1, 0.9504844339512095, 0.8117449009293668,
      0.6112604669781572, 0.38873953302184283, 0.18825509907063326, 0.04951556604879048, 0,
      0.04951556604879043,
    ],
  )
})

test('a line falls to 0 at the end and stays there', () => {
  const schedule = { kind: 'linear', warmup: { steps: 3 }, totalSteps: 10 } as const
  expectClose(
    factors({ schedule, count: 12 }),
    [
      0, 0.3333333333333333, 0.6666666666666666, 1, 0.8571428571428571, 0.7142857142857143,
      0.5714285714285714, 0.42857142857142855, 0.2857142857142857, 0.14285714285714285, 0, 0,
    ],
  )
  const short = { kind: 'linear', warmup: { steps: 4 }, totalSteps: 4 } as const
  expectClose(factors({ schedule: short, count: 6 }), [0, 0.25, 0.5, 0.75, 0, 0])
})

test('without warm-up a constant rate is the peak from the first step on', () => {
  const schedule = { kind: 'constant', warmup: { steps: 0 }, totalSteps: 3 } as const
  expectClose(factors({ schedule, count: 3 }), [1, 1, 1])
})

test('a share of all steps is rounded up to whole steps', () => {
  const share = { kind: 'cosine', warmup: { share: 0.05 }, totalSteps: 41 } as const
  const steps = { ...share, warmup: { steps: 3 } } as const
  expectClose(factors({ schedule: share, count: 41 }), factors({ schedule: steps, count: 41 }))
})
