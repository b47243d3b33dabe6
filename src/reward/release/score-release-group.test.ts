import { describe, expect, test } from '@jest/globals'
import { rewardSchema, type ReleaseConfig } from '../../config/reward-schema.js'
import { call, failed, rollout } from '../testing/rollout.js'
import type { RewardRollout } from '../group.js'
import { undoneBy } from './expected-tools.js'
import { scoreReleaseGroup } from './score-release-group.js'

const target = [0, 0, 100, 100]
const half = [0, 0, 50, 100]

function parametersOf(changes: object = {}): ReleaseConfig {
  const parameters = rewardSchema.parse({ variant: 'release', ...changes })
  if (parameters.variant !== 'release') throw new Error('unreachable')
  return parameters
}

function score(
  rollouts: RewardRollout[],
  changes: object = {},
  requiredTools: string[] = ['rotate_270', 'crop'],
) {
  const group = { key: 'g', requiredTools, box: target, rollouts }
  return scoreReleaseGroup({ group, parameters: parametersOf(changes) })
}

function first(...parameters: Parameters<typeof score>) {
  const reward = score(...parameters).rollouts[0]?.reward
  if (reward === undefined) throw new Error('Expected a rollout.')
  return reward
}

describe('scoreReleaseGroup', () => {
  test('required tools, the exact bonus and the form add up', () => {
    const { total, parts, reasons } = first([rollout(true, call('rotate_270'), call('crop', half))])
    // 1 + 0.1 + (1/2 + 0.5/2) + 0.1
    expect(total).toBeCloseTo(1.95, 12)
    expect(parts).toMatchObject({
      R_acc: 1,
      R_mandatory: 0.75,
      R_fmt: 1,
      R_exact: 0.1,
      R_emerge: 0,
      C_usage: 0,
    })
    expect(parts).toMatchObject({ best_crop_iou: 0.5, NumTurns: 2, R_exec: 1, R_spurious: 0, R_necessity: 0 })
    expect(reasons).toContain('Best crop: IoU 0.50.')
  })

  test('a correct answer without the required crop is worth nothing but its form', () => {
    expect(first([rollout(true)])).toMatchObject({ total: 0.1, parts: { R_acc: 0, R_mandatory: 0 } })
    // IoU 0.1, half of it: below the gate of 0.1.
    expect(first([rollout(true, call('crop', [0, 0, 10, 100]))]).parts.R_acc).toBeCloseTo(0.05, 12)
  })

  test('another tool than the core ones pays when the answer is correct', () => {
    const calls = [call(['rotate_270', 'contrast_up'])]
    expect(first([rollout(true, ...calls)]).total).toBeCloseTo(1 + 0.1 + 0.5 + 0.2, 12)
    expect(first([rollout(false, ...calls)]).total).toBeCloseTo(0.1 + 0.5, 12)
    expect(first([rollout(true, ...calls)], { weights: { emerge: -1 } }).parts.R_emerge).toBe(0)
  })

  test('the call that reaches the limit is free, those behind it cost', () => {
    const penalties = [1, 2, 3, 5].map(
      (calls) => first([rollout(false, ...Array(calls).fill(call([])))]).parts.C_usage,
    )
    expect(penalties).toEqual([0, 0, 1, 3])
  })

  test('orientation tools cost where none is required', () => {
    const calls = [call(['rotate_90', 'flip_vertical', 'rotate_90'])]
    expect(first([rollout(false, ...calls)], {}, ['crop']).parts).toMatchObject({ R_spurious: 2, penalty: 1 })
    expect(first([rollout(false, ...calls)], {}, ['rotate_180']).parts.R_spurious).toBe(0)
  })

  test('calls that failed count as use, for the required tools too', () => {
    const { parts } = first([rollout(false, failed('rotate_270'), call('crop', target))])
    expect(parts).toMatchObject({ R_mandatory: 1, R_exact: 0.1, R_exec: 0.5 })
  })

  test('the gain by tools is paid to correct rollouts with tools while at most one succeeds without', () => {
    const required = ['rotate_270']
    const rollouts = [
      rollout(true, call('rotate_270')),
      rollout(false, call('rotate_270')),
      rollout(true, call('rotate_270')),
      rollout(true),
      rollout(false),
      rollout(false),
      rollout(false),
    ]
    const { statistics, rollouts: scored } = score(rollouts, { weights: { beta: 1 } }, required)
    expect(statistics).toMatchObject({ total_with_tool: 3, correct_with_tool: 2, correct_without_tool: 1 })
    const gains = scored.map(({ reward }) => reward.parts.R_necessity ?? Number.NaN)
    const gain = 2 / 3 - 1 / 4
    expect(gains).toEqual([gain, 0, gain, 0, 0, 0, 0])
    const twice = score([...rollouts, rollout(true)], { weights: { beta: 1 } }, required)
    expect(twice.rollouts[0]?.reward.parts.R_necessity).toBe(0)
  })

  test.each([
    ['strategy', 1.1 - 0.5],
    ['penalty', 1.95 + 0.2],
    ['exact', 1.95 + 0.2 - 0.5],
    ['suggested', 1.95 - 0.5],
    ['format', 1.95 + 0.2 - 0.5 - 0.1],
  ])('without %s', (term, total) => {
    const calls = [call('rotate_270'), call('crop', half), call('contrast_up')]
    const reward = first([rollout(true, ...calls)], { without: [term] })
    // All terms: 1 + 0.1 + 0.75 + 0.1 + 0.2 − 0.5 · 1; the core tools used are those required.
    expect(reward.total).toBeCloseTo(term === 'exact' ? total - 0.1 : total, 12)
    expect(reward.parts).toMatchObject({ R_exact: 0.1, R_emerge: 0.2, C_usage: 1, R_fmt: 1 })
  })

  test('without strategy an answer is not devalued for a missing crop', () => {
    expect(first([rollout(true)], { without: ['strategy'] }).total).toBe(1.1)
  })

  test('boxes with swapped corners, or far beyond any image, hit nothing', () => {
    for (const box of [
      [100, 100, 0, 0],
      [0, 0, 1e200, 1e200],
      [-1e308, -1e308, 1e308, 1e308],
      [5, 5, 5, 5],
    ]) {
      const { total, parts } = first([rollout(true, call('crop', box))])
      expect(parts.best_crop_iou).toBe(0)
      expect(Number.isFinite(total)).toBe(true)
    }
  })

  test('a crop that lies against the target is graded, and the gate still asks for the IoU', () => {
    const beside = [rollout(true, call('crop', [100, 0, 200, 100]))]
    expect(first(beside, {}, ['crop']).parts).toMatchObject({ R_mandatory: 0, R_acc: 0 })
    expect(first(beside, { boxSignal: 'graded' }, ['crop']).parts).toMatchObject({
      R_mandatory: 0.125,
      R_acc: 0,
    })
  })
})

test('rotations are undone by their inverse; names that are none of a quarter turn ask for nothing', () => {
  const undone = (name: string): string[] => [...undoneBy([name])]
  expect(undone('rotate_90')).toEqual(['rotate_270'])
  expect(undone('rotate_-90')).toEqual(['rotate_90'])
  expect(undone('rotate_450')).toEqual(['rotate_270'])
  expect(undone('rotate_180_x')).toEqual(['rotate_180'])
  expect(undone('rotate_٩٠')).toEqual(['rotate_270'])
  for (const name of ['rotate_', 'rotate_45', 'rotate_360', 'rotate_90.0']) expect(undone(name)).toEqual([])
  expect(undone('zoom')).toEqual(['zoom'])
})
