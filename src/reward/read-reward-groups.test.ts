import { expect, test } from '@jest/globals'
import { readRewardGroups, RewardInputError } from './read-reward-groups.js'

const call = { ok: true, transforms: ['crop', 'anything'], cropBoxes: [[9, 9, 0, 0]] }
const rollout = { key: 'r', correct: true, formatOk: true, calls: [call] }
const group = { key: 'g', requiredTools: ['crop'], box: [0, 0, 9, 9], rollouts: [rollout] }

function issuesOf(value: unknown): readonly { path: string; message: string }[] {
  try {
    readRewardGroups(value)
  } catch (error) {
    if (error instanceof RewardInputError) return error.issues
    throw error
  }
  return []
}

test('unknown tools and crops with swapped corners are what a model may do', () => {
  expect(readRewardGroups([group])).toEqual([group])
  expect(readRewardGroups([{ ...group, requiredTools: null, box: null }])).toHaveLength(1)
  expect(readRewardGroups([])).toEqual([])
})

test.each([
  ['no rollouts', { rollouts: [] }, '[0].rollouts'],
  ['a target with swapped corners', { box: [9, 9, 0, 0] }, '[0].box'],
  ['a target of texts', { box: ['0', 0, 9, 9] }, '[0].box[0]'],
  ['a target of three', { box: [0, 0, 9] }, '[0].box'],
  ['no target', { box: undefined }, '[0].box'],
  ['a tool twice', { requiredTools: ['crop', 'crop'] }, '[0].requiredTools'],
  ['another key', { weight: 1 }, '[0].weight'],
  ['no answer', { rollouts: [{ ...rollout, correct: undefined }] }, '[0].rollouts[0].correct'],
  [
    'a correctness that is no truth value',
    { rollouts: [{ ...rollout, correct: 1 }] },
    '[0].rollouts[0].correct',
  ],
])('%s is refused with the path of the field', (_, changes, path) => {
  const issues = issuesOf([{ ...group, ...changes }])
  expect(issues.map((issue) => issue.path)).toEqual([path])
  expect(issues[0]?.message).toContain(path)
})

test.each([Number.NaN, Infinity, -Infinity, 1e300, '4', null])('a coordinate %p is refused', (coordinate) => {
  const calls = [
    call,
    {
      ...call,
      cropBoxes: [
        [0, 0, 1, 1],
        [0, 0, 1, coordinate],
      ],
    },
  ]
  const issues = issuesOf([group, { ...group, rollouts: [rollout, { ...rollout, calls }] }])
  expect(issues.map(({ path }) => path)).toEqual(['[1].rollouts[1].calls[1].cropBoxes[1][3]'])
})

test('more different tools than anybody has are refused', () => {
  const calls = [0, 1].map((half) => ({
    ...call,
    transforms: Array.from({ length: 200 }, (_, index) => `tool ${half} ${index}`),
  }))
  const issues = issuesOf([{ ...group, rollouts: [{ ...rollout, calls }] }])
  expect(issues.map(({ path }) => path)).toEqual(['[0].rollouts'])
})

test('every wrong field is listed', () => {
  const issues = issuesOf([{ ...group, key: 5, rollouts: [{ ...rollout, formatOk: 'yes' }] }])
  expect(issues.map(({ path }) => path)).toEqual(['[0].key', '[0].rollouts[0].formatOk'])
})
