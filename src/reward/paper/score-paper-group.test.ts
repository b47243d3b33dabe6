import { describe, expect, test } from '@jest/globals'
import { rewardSchema } from '../../config/reward-schema.js'
import type { RewardRollout } from '../group.js'
import { call, failed, rollout } from '../testing/rollout.js'
import { scorePaperGroup } from './score-paper-group.js'

const target = [0, 0, 100, 100]
const half = [0, 0, 50, 100]

function score(
  rollouts: RewardRollout[],
  changes: object = {},
  requiredTools: string[] | null = ['rotate_270', 'crop'],
) {
  const parameters = rewardSchema.parse({ variant: 'paper', ...changes })
  if (parameters.variant !== 'paper') throw new Error('unreachable')
  return scorePaperGroup({ group: { key: 'g', requiredTools, box: target, rollouts }, parameters })
}

function first(...parameters: Parameters<typeof score>) {
  const reward = score(...parameters).rollouts[0]?.reward
  if (reward === undefined) throw new Error('Expected a rollout.')
  return reward
}

describe('scorePaperGroup', () => {
  test('must-use tools share one point, the exact order earns a bonus', () => {
    const { total, parts } = first([rollout(true, call('rotate_270'), call('crop', half))])
    expect(parts).toMatchObject({ outcome: 1.1, mustUse: 0.75, exact: 1, bestIoU: 0.5, penalty: 0 })
    expect(total).toBeCloseTo(1.1 + 0.75 + 0.1, 12)
  })

  test('only the best crop is paid', () => {
    const crops = [call('crop', [0, 0, 10, 100]), call('crop', half), call('crop', [0, 0, 20, 100])]
    expect(first([rollout(false, ...crops)]).parts.mustUse).toBe(0.25)
  })

  test('a failed call earns nothing, and takes the exact bonus and a turn', () => {
    const calls = [failed('rotate_270', target), call('rotate_270'), call('crop', half), failed([])]
    const { parts } = first([rollout(true, ...calls)])
    expect(parts).toMatchObject({ mustUse: 0.75, exact: 0, turnLimit: 1, penalty: 1 })
    expect(first([rollout(false, failed(['rotate_270', 'crop'], target))]).parts.mustUse).toBe(0)
  })

  test('another order, or a tool too many, is not exact', () => {
    expect(first([rollout(true, call('crop', half), call('rotate_270'))]).parts.exact).toBe(0)
    expect(first([rollout(true, call('rotate_270'), call(['crop', 'sharpen'], half))]).parts.exact).toBe(0)
    expect(first([rollout(true, call('rotate_270'), call('crop', [0, 0, 9, 100]))]).parts.exact).toBe(0)
  })

  test('correct without having seen the region is poor reasoning', () => {
    expect(first([rollout(true, call('rotate_270'))]).parts.poorReasoning).toBe(1)
    expect(first([rollout(false, call('rotate_270'))]).parts.poorReasoning).toBe(0)
    expect(first([rollout(true)], {}, ['rotate_270']).parts.poorReasoning).toBe(0)
  })

  test('turning an image that is upright is inappropriate, if it succeeds', () => {
    for (const required of [null, []]) {
      expect(first([rollout(true, call('rotate_90'))], {}, required).parts.inappropriateTool).toBe(1)
      expect(first([rollout(true, failed('rotate_90'))], {}, required).parts.inappropriateTool).toBe(0)
    }
    expect(first([rollout(true, call('rotate_90'))], {}, ['crop']).parts.inappropriateTool).toBe(0)
  })

  test('optional tools are paid to correct rollouts, with what the group gained by them', () => {
    const { statistics, rollouts } = score(
      [
        rollout(true, call('contrast_up')),
        rollout(false, call('crop')),
        rollout(false),
        rollout(true),
        rollout(false),
      ],
      {},
      ['rotate_270'],
    )
    // 1 of 2 with an optional tool, 1 of 3 without.
    expect(statistics.necessity).toBeCloseTo(1 / 2 - 1 / 3, 12)
    expect(rollouts.map(({ reward }) => reward.parts.suggested)).toEqual([1 + (1 / 2 - 1 / 3), 0, 0, 0, 0])
    expect(rollouts[0]?.reward.total).toBeCloseTo(1.1 + 0.2 * (1 + 1 / 6), 12)
  })

  test('where several succeed without, or all use one, nothing was gained', () => {
    const tool = rollout(true, call('contrast_up'))
    expect(score([tool, rollout(true), rollout(true), rollout(false)], {}, []).statistics.necessity).toBe(0)
    expect(score([tool, tool], {}, []).statistics.necessity).toBe(0)
  })

  test.each([
    ['strategy', 1.1 - 1],
    ['penalty', 1.1 + 0.5 + 0.2],
    ['exact', 1.1 + 0.5 + 0.2 - 1],
    ['suggested', 1.1 + 0.5 - 1],
    ['format', 1 + 0.5 + 0.2 - 1],
  ])('without %s', (term, total) => {
    const calls = [call('rotate_270'), call('sharpen'), call([]), call([])]
    // All terms: 1.1 + 1/2 + 0.2 · 1 − 0.5 · 2 (turn limit, poor reasoning).
    const reward = first([rollout(true, ...calls)], { without: [term] })
    expect(reward.total).toBeCloseTo(total, 12)
    expect(reward.parts).toMatchObject({ mustUse: 0.5, suggested: 1, turnLimit: 1, poorReasoning: 1 })
  })

  test('the graded signal pays a near miss, and not the checks for a found region', () => {
    const { parts } = first([rollout(true, call('crop', [100, 0, 200, 100]))], { boxSignal: 'graded' }, [
      'crop',
    ])
    expect(parts).toMatchObject({ mustUse: 0.125, bestIoU: 0, poorReasoning: 1, exact: 0 })
  })
})
