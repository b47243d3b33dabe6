import { expect, test } from '@jest/globals'
import { groupAdvantages } from './group-advantages.js'

test('a rollout is measured against its group, in standard deviations with ddof 1', () => {
  const advantages = groupAdvantages({ rewards: [1, 0, 5, 2], groups: ['a', 'a', 'b', 'b'], epsilon: 0 })
  // Deviations of 0.5 and 1.5 from the means 0.5 and 3.5; standard deviations √0.5 and √4.5.
  const expected = [Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2, -Math.SQRT1_2]
  advantages.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 14))
})

test('without the deviation the distance from the mean is left', () => {
  const advantages = groupAdvantages({ rewards: [1, 0, 0, 0], groups: [1, 1, 1, 1], isNormalised: false })
  expect([...advantages]).toEqual([0.75, -0.25, -0.25, -0.25])
})

test('equal rewards make nobody better than the others, to the last bit', () => {
  const rewards = Array.from({ length: 7 }, () => 0.1)
  expect([...groupAdvantages({ rewards, groups: rewards })]).toEqual(rewards.map(() => 0))
})

test('a rollout without others of its group is measured from 0', () => {
  expect(groupAdvantages({ rewards: [0.7], groups: ['a'] })[0]).toBeCloseTo(0.7, 5)
})
