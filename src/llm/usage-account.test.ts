import { describe, expect, test } from '@jest/globals'
import { ModelCapError, ModelError, UsageError } from '../core/errors.js'
import { capsOfShard, createUsageAccount, type UsageCaps } from './usage-account.js'

const words = {
  role: 'policy',
  subject: 'The policy',
  capError: (message: string) => new ModelCapError(message),
  serverError: (message: string) => new ModelError(message),
} as const
const price = { input: 100_000, output: 1_000_000, currency: 'EUR' }
const accountOf = (terms: UsageCaps & { price?: typeof price }) => createUsageAccount({ ...terms, words })

test('tokens cost what the price of a million says', () => {
  const account = accountOf({ price })
  account.addTokens({ promptTokens: 20, completionTokens: 3 })
  expect(account.costOf(account.tally)).toEqual({ amount: 5, currency: 'EUR' })
})

describe('a cap', () => {
  test('on tokens counts those of prompts and completions, of earlier sessions too', () => {
    const account = accountOf({ maxTokens: 100 })
    account.carry({ calls: 1, cached: 0, promptTokens: 60, completionTokens: 10 })
    account.addCall()
    account.addTokens({ promptTokens: 25, completionTokens: 5 })
    expect(() => account.addCall()).toThrow(ModelCapError)
    expect(() => account.addCall()).toThrow(
      'The policy used 100 tokens; policy.maxTokens (--policy-max-tokens) allows 100. Raise it to go on.',
    )
    expect(account.tally.calls).toBe(2)
  })

  test('on calls refuses the next one and names its option', () => {
    const account = accountOf({ maxCalls: 1 })
    account.addCall()
    expect(() => account.addCall()).toThrow('--policy-max-calls')
  })

  test('on cost needs a price, and a server that tells its tokens', () => {
    expect(() => accountOf({ maxCost: 1 })).toThrow(UsageError)
    const account = accountOf({ maxCost: 1, price })
    expect(() => account.addTokens({ promptTokens: 0, completionTokens: 0 })).toThrow('policy.maxCost')
    account.addTokens({ promptTokens: 0, completionTokens: 1 })
    expect(() => account.addCall()).toThrow('The policy cost 1 EUR')
  })
})

describe('the caps of shards', () => {
  test.each([1, 2, 3, 7])('of %d are together those of the run', (count) => {
    const caps = { maxCalls: 100, maxTokens: 1001, maxCost: 2 }
    const parts = Array.from({ length: count }, (_, index) =>
      capsOfShard({ caps, shard: { index: index + 1, count } }),
    )
    const sum = (name: keyof UsageCaps): number => parts.reduce((total, part) => total + (part[name] ?? 0), 0)
    expect([sum('maxCalls'), sum('maxTokens')]).toEqual([100, 1001])
    expect(sum('maxCost')).toBeCloseTo(2)
  })

  test('are none where the run has none', () => {
    const none = { maxCalls: undefined, maxTokens: undefined, maxCost: undefined }
    expect(capsOfShard({ caps: none, shard: { index: 1, count: 2 } })).toEqual({})
    expect(capsOfShard({ caps: { maxCalls: 3 }, shard: null })).toEqual({ maxCalls: 3 })
  })
})
