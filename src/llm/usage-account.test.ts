import { describe, expect, test } from '@jest/globals'
import { ModelCapError, ModelError, UsageError } from '../core/errors.js'
import { capsOfShard, createUsageAccount, type OpenUsageAccount, type UsageCaps } from './usage-account.js'

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

const answered = (account: OpenUsageAccount): Promise<string> => account.call(() => Promise.resolve('yes'))
const failed = (account: OpenUsageAccount): Promise<string> =>
  account.call(() => Promise.reject(new ModelError('connection refused')))

describe('a cap', () => {
  test('on tokens counts those of prompts and completions, of earlier sessions too', async () => {
    const account = accountOf({ maxTokens: 100 })
    account.carry({ calls: 1, cached: 0, promptTokens: 60, completionTokens: 10 })
    await answered(account)
    account.addTokens({ promptTokens: 25, completionTokens: 5 })
    await expect(answered(account)).rejects.toThrow(ModelCapError)
    await expect(answered(account)).rejects.toThrow(
      'The policy used 100 tokens; policy.maxTokens (--policy-max-tokens) allows 100. Raise it to go on.',
    )
    expect(account.tally.calls).toBe(2)
  })

  test('on calls refuses the next one and names its option', async () => {
    const account = accountOf({ maxCalls: 1 })
    await answered(account)
    await expect(answered(account)).rejects.toThrow('--policy-max-calls')
  })

  test('on calls is not used up by a server that never answers', async () => {
    const account = accountOf({ maxCalls: 2 })
    for (let at = 0; at < 5; at++) await expect(failed(account)).rejects.toThrow('connection refused')
    expect(account.tally.calls).toBe(0)
    expect(await answered(account)).toBe('yes')
    expect(account.tally.calls).toBe(1)
  })

  test('on calls is kept by those that are asked side by side: who would be one too many waits, and is sent when one before it fails', async () => {
    const account = accountOf({ maxCalls: 2 })
    const settle: { answer: () => void; fail: () => void }[] = []
    const ask = (): Promise<void> =>
      account.call(
        () =>
          new Promise<void>((resolve, reject) =>
            settle.push({ answer: resolve, fail: () => reject(new ModelError('reset')) }),
          ),
      )
    const asked = [ask(), ask(), ask(), ask()]
    const outcomes = Promise.allSettled(asked)
    expect(settle).toHaveLength(2)
    settle[0]?.fail()
    await expect(asked[0]).rejects.toThrow('reset')
    await new Promise(setImmediate)
    expect(settle).toHaveLength(3)
    settle[1]?.answer()
    settle[2]?.answer()
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'rejected',
    ])
    await expect(asked[3]).rejects.toThrow(ModelCapError)
    expect(account.tally.calls).toBe(2)
  })

  test('whoever waits for a call under way is let go by an abort', async () => {
    const account = accountOf({ maxCalls: 1 })
    let answer = (): void => undefined
    const first = account.call(() => new Promise<void>((resolve) => (answer = resolve)))
    const controller = new AbortController()
    const second = account.call(() => Promise.resolve(), controller.signal)
    controller.abort()
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    answer()
    await first
  })

  test('on cost needs a price, and a server that tells its tokens', async () => {
    expect(() => accountOf({ maxCost: 1 })).toThrow(UsageError)
    const account = accountOf({ maxCost: 1, price })
    expect(() => account.addTokens({ promptTokens: 0, completionTokens: 0 })).toThrow('policy.maxCost')
    account.addTokens({ promptTokens: 0, completionTokens: 1 })
    await expect(answered(account)).rejects.toThrow('The policy cost 1 EUR')
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
