import { describe, expect, test } from '@jest/globals'
import { rewardSchema } from '../../config/reward-schema.js'
import type { RewardRollout } from '../group.js'
import { call, failed, rollout } from '../testing/rollout.js'
import { scoreBeneficialGroup } from './score-beneficial-group.js'

function score(rollouts: RewardRollout[], changes: object = {}) {
  const parameters = rewardSchema.parse({ variant: 'beneficial', ...changes })
  if (parameters.variant !== 'beneficial') throw new Error('unreachable')
  const group = { key: 'g', requiredTools: ['rotate_90'], box: null, rollouts }
  return scoreBeneficialGroup({ group, parameters })
}

/** Benefits of the rollouts, each given as its tools, `!` in front where it is correct. */
function benefits(tools: string[], changes: object = {}): number[] {
  return score(tools.map(read), changes).rollouts.map(({ reward }) => reward.parts.benefit ?? Number.NaN)
}

function read(text: string): RewardRollout {
  const names = text
    .replace('!', '')
    .split(' ')
    .filter((name) => name !== '')
  return rollout(text.startsWith('!'), ...names.map((name) => call(name)))
}

/** Of a tool that three of three other rollouts succeeded with, and none of four without. */
const CLEAR = (() => {
  const weight = 12 / 7
  const error = Math.sqrt((3 / 7) * (4 / 7) * weight) / weight
  return (weight / (weight + 1)) * (1 - error)
})()

describe('scoreBeneficialGroup', () => {
  test('a tool that decides is paid to those that succeeded with it', () => {
    const paid = benefits(['!u', '!u', '!u', '!u', '', '', '', ''])
    for (const benefit of paid.slice(0, 4)) expect(benefit).toBeCloseTo(CLEAR, 12)
    expect(paid.slice(4)).toEqual([0, 0, 0, 0])
    const [reward] = score(['!u', '!u', '!u', '!u', '', '', '', ''].map(read)).rollouts
    expect(reward?.reward.total).toBeCloseTo(1.1 + 0.5 * CLEAR, 12)
  })

  test('a superfluous tool earns nothing, though it travels with success', () => {
    const { statistics, rollouts } = score(['!u', '!u', '!u s', '!u s', '', '', 's', 's'].map(read))
    // s is compared beside u with u alone, and alone with no tool: it changes nothing in either company.
    expect(statistics).toMatchObject({ 'difference s': 0, 'credit s': 0, 'difference u': 1 })
    const paid = rollouts.map(({ reward }) => reward.parts.benefit ?? Number.NaN)
    expect(paid[0]).toBeGreaterThan(0.3)
    expect(paid[2]).toBeLessThan(paid[0] ?? 0)
    expect(benefits(['!s', 's', '!s', 's', '!', '', '!', ''])).toEqual(Array(8).fill(0))
  })

  test('a tool used by all or by none has no measurable effect', () => {
    expect(benefits(['!u', '!u', 'u', 'u'])).toEqual([0, 0, 0, 0])
    expect(benefits(['!', '!', '', ''])).toEqual([0, 0, 0, 0])
  })

  test('a tool that nobody else used proves nothing by its own success', () => {
    expect(benefits(['!u', '', '', '', '', '', '', ''])[0]).toBe(0)
  })

  test('no credit without success, and none for calls that failed', () => {
    expect(benefits(['!u', '!u', '!u', 'u', '', '', '', ''])[3]).toBe(0)
    const tried = score([rollout(true, failed('u')), ...['!u', '!u', '!u', '', '', ''].map(read)])
    expect(tried.rollouts[0]?.reward.parts.benefit).toBe(0)
  })

  test('tools that do harm are not paid', () => {
    expect(benefits(['!u', 'u', 'u', 'u', '!', '!', '!', '!'])[0]).toBe(0)
  })

  test('calling everything earns less than calling what helps', () => {
    const everything = `!u ${Array.from({ length: 10 }, (_, index) => `t${index}`).join(' ')}`
    const paid = benefits(['!u', '!u', '!u', everything, '', '', '', ''])
    const honest = benefits(['!u', '!u', '!u', '!u', '', '', '', ''])
    expect(paid[3]).toBeGreaterThan(0)
    expect(paid[3]).toBeLessThanOrEqual((honest[3] ?? 0) / 2)
    const scored = score(['!u', '!u', '!u', everything, '', '', '', ''].map(read)).rollouts
    expect(scored[3]?.reward.total).toBeLessThan(scored[0]?.reward.total ?? 0)
  })

  test('tools that always come together count as one: a second name adds nothing', () => {
    const pair = benefits(['!u s', '!u s', '!u s', '!u s', '', '', '', ''])
    for (const benefit of pair.slice(0, 4)) expect(benefit).toBeCloseTo(CLEAR, 12)
  })

  test('in a group of strangers to the answer, tools earn next to nothing on average', () => {
    const random = generator(7)
    let [sum, useful] = [0, 0]
    const groups = 400
    for (let index = 0; index < groups; index++) {
      const uses = Array.from({ length: 8 }, () => ({ s: random() < 0.5, u: random() < 0.5, luck: random() }))
      const mean = (rollouts: string[]): number =>
        benefits(rollouts).reduce((total, value) => total + value, 0) / 8
      sum += mean(uses.map(({ s, luck }) => `${luck < 0.5 ? '!' : ''}${s ? 's' : ''}`))
      useful += mean(uses.map(({ u, luck }) => `${luck < (u ? 0.9 : 0.1) ? '!' : ''}${u ? 'u' : ''}`))
    }
    expect(sum / groups).toBeLessThan(0.02)
    expect(useful / groups).toBeGreaterThan(5 * (sum / groups))
  })

  test('the order of the rollouts does not matter, to the last bit', () => {
    const tools = ['!u s', '!u', 'u t', '!s t', '', 't', '!u s t', 's', '!', '!u t']
    const paid = benefits(tools)
    const order = [3, 9, 0, 7, 5, 1, 8, 2, 6, 4]
    expect(benefits(order.map((index) => tools[index] ?? ''))).toEqual(order.map((index) => paid[index]))
  })

  test('credit stays within 0 and 1 whatever the group is', () => {
    const random = generator(3)
    for (let index = 0; index < 300; index++) {
      const size = 1 + Math.floor(random() * 12)
      const tools = Array.from({ length: size }, () => {
        const names = ['a', 'b', 'c', 'd'].filter(() => random() < 0.5)
        return `${random() < 0.5 ? '!' : ''}${names.join(' ')}`
      })
      for (const benefit of benefits(tools, { shrinkage: 0, margin: 0 })) {
        expect(benefit >= 0 && benefit <= 1).toBe(true)
      }
    }
  })

  test('turns beyond the free ones cost, and terms can be left out', () => {
    const busy = rollout(true, call([]), call([]), call([]), call([]))
    const total = (changes: object): number | undefined => score([busy], changes).rollouts[0]?.reward.total
    expect(total({})).toBeCloseTo(1.1 - 0.5, 12)
    expect(total({ freeTurns: 4 })).toBe(1.1)
    expect(total({ without: ['penalty'] })).toBe(1.1)
    expect(total({ without: ['penalty', 'format'] })).toBe(1)
    const paid = ['!u', '!u', '!u', ''].map(read)
    expect(score(paid, { without: ['strategy'] }).rollouts[0]?.reward).toMatchObject({
      total: 1.1,
      parts: { strategy: 0 },
    })
  })
})

/** Numbers in [0, 1) that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
