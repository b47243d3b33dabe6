import { expect, test } from '@jest/globals'
import { describeJudgeUsage, judgeUsageOf, type JudgeUsage } from './model-usage.js'

const usage: JudgeUsage = {
  model: 'wise',
  reading: 'exact',
  calls: 1204,
  cached: 35,
  promptTokens: 512_345,
  completionTokens: 1204,
  cost: { amount: 1.2345, currency: 'EUR' },
}

test('calls, cached verdicts, tokens and money stand in one line', () => {
  expect(describeJudgeUsage(usage)).toBe(
    'Judge wise (reading exact): 1,204 calls, 35 from the cache · 512,345 tokens in, 1,204 out · 1.23 EUR',
  )
})

test('the time that samples waited stands at the end, where it is known', () => {
  expect(describeJudgeUsage({ ...usage, waitedMs: 1_234_567 })).toMatch(/ · 1,235 s waited$/)
})

test.each([
  [{ amount: 0.000123, currency: 'USD' }, '0.00012 USD'],
  [{ amount: 0, currency: 'USD' }, '0.00 USD'],
  [null, 'no price set (judge.price, --prices)'],
])('a cost of %j reads %j', (cost, text) => {
  expect(describeJudgeUsage({ ...usage, cost }).split(' · ')[2]).toBe(text)
})

test('a judge that counts nothing has no usage', () => {
  const judge = { model: 'm', judge: () => Promise.reject(new Error()), check: () => Promise.resolve() }
  expect(judgeUsageOf({ judge })).toBeNull()
  expect(judgeUsageOf({ judge: null })).toBeNull()
})
