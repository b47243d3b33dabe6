import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import type { ToolAnalyzer } from '../core/tool-analysis.js'
import type { Trajectory } from '../core/trajectory.js'
import { RewardInputError } from '../reward/read-reward-groups.js'
import { trajectory } from '../reward/testing/trajectory.js'
import { scoreTrajectories } from './score-trajectories.js'
import { scoreTrajectory } from './score-trajectory.js'

const task = { key: 'task', requiredTools: ['crop'], box: [0, 0, 10, 10], answers: ['42'] }

/** One crop, confirmed, of the left half of the target. */
function cropped(answer: string): Trajectory {
  const made = trajectory({ calls: [{ code: 'result = image.crop((0, 0, 5, 10))' }], answer })
  const [call] = made.calls
  const operations = [
    { op: 'crop', call: 'crop', args: [], affine: null, box: [0, 0, 5, 10] as const, verified: true },
  ]
  return {
    ...made,
    calls: call === undefined ? [] : [{ ...call, execution: { ...call.execution, operations } }],
  }
}

describe('scoreTrajectories', () => {
  test('checks answers, reads what was observed, and compares the rollouts of a group', async () => {
    const rollouts = ['42', '41'].map((answer, index) => ({
      key: `${index}`,
      trajectory: cropped(answer),
    }))
    const [group] = await scoreTrajectories({ groups: [{ ...task, rollouts }], reward: { variant: 'paper' } })
    expect(group?.rollouts.map(({ reward: { total } }) => total)).toEqual([
      expect.closeTo(1.7, 9),
      expect.closeTo(0.7, 9),
    ])
    expect(group?.statistics).toHaveProperty('necessity')
  })

  test('believes who says whether an answer is correct', async () => {
    const rollouts = [{ key: 'r', trajectory: cropped('41'), correct: true }]
    const scored = await scoreTrajectories({
      groups: [{ ...task, answers: undefined, rollouts }],
      reward: { variant: 'paper' },
    })
    expect(scored[0]?.rollouts[0]?.reward.parts['r_acc']).toBe(1)
  })

  test('reads texts with the analyzer, all of them at once', async () => {
    const sizes: number[] = []
    const analyzer: ToolAnalyzer = {
      analyze: async (calls) => {
        sizes.push(calls.length)
        return calls.map(() => ({ transforms: ['crop'], cropBoxes: [[0, 0, 10, 10]], problem: null }))
      },
    }
    const rollouts = ['42', '42'].map((answer) => ({ key: 'r', trajectory: cropped(answer) }))
    const groups = ['a', 'b'].map((key) => ({ ...task, key, rollouts }))
    const scored = await scoreTrajectories({ groups, reward: { variant: 'release' }, analyzer })
    expect(sizes).toEqual([4])
    expect(scored.map(({ rollouts: [first] }) => first?.reward.parts['R_mandatory'])).toEqual([1, 1])
  })

  test('refuses what cannot be scored, and says where it is', async () => {
    const rollouts = [{ key: 'r', trajectory: cropped('42') }]
    const groups = [{ ...task, rollouts }]
    const paper = { variant: 'paper' } as const
    await expect(scoreTrajectories({ groups, reward: { variant: 'release' } })).rejects.toThrow(/analyzer/)
    await expect(
      scoreTrajectories({ groups, reward: { ...paper, weights: { beta1: Number.NaN } } }),
    ).rejects.toThrow(/`weights.beta1`: expected number, got NaN/)
    await expect(
      scoreTrajectories({ groups: [{ ...task, box: [9, 9, 0, 0], rollouts }], reward: paper }),
    ).rejects.toThrow(RewardInputError)
    await expect(
      scoreTrajectories({ groups: [{ ...task, answers: undefined, rollouts }], reward: paper }),
    ).rejects.toThrow(UsageError)
  })
})

test('scoreTrajectory scores one rollout by itself', async () => {
  const reward = await scoreTrajectory({ ...task, trajectory: cropped('42'), reward: { variant: 'paper' } })
  expect(reward.total).toBeCloseTo(1.7, 9)
  expect(reward.parts['necessity']).toBe(0)
  const bare = await scoreTrajectory({
    trajectory: cropped('x'),
    correct: false,
    reward: { variant: 'paper' },
  })
  expect(bare.total).toBeCloseTo(0.1, 9)
})
