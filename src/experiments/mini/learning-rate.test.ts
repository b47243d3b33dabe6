import { expect, test } from '@jest/globals'
import { learningRateAt } from './learning-rate.js'

const SCHEDULE = { steps: 12, highest: 8, warmupSteps: 2, finalShare: 0.25 }

test.each([
  [0, 4],
  [1, 8],
  [2, 8],
  // Nine steps from the second to the last: a third of the way is a quarter of the way down.
  [5, 8 * (0.25 + 0.75 * 0.75)],
  [8, 8 * (0.25 + 0.75 * 0.25)],
  [11, 2],
  [20, 2],
])('the learning rate of step %i is %f', (step, rate) => {
  expect(learningRateAt({ step, ...SCHEDULE })).toBeCloseTo(rate, 10)
})
