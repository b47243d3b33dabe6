import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { judgeOverrides, type JudgeArguments } from './judge-options.js'

const nothing: JudgeArguments = {
  judge: undefined,
  'judge-reading': undefined,
  'judge-price': undefined,
  'judge-max-calls': undefined,
  'judge-max-tokens': undefined,
  'judge-max-cost': undefined,
  cache: undefined,
}

test('what is not given is not said, so that a file’s values stand', () => {
  expect(judgeOverrides(nothing)).toEqual({})
  expect(judgeOverrides({ ...nothing, judge: 'none' })).toEqual({ judge: 'none' })
  expect(judgeOverrides({ ...nothing, cache: true })).toEqual({ cache: true })
})

test('every option has its place', () => {
  const given: JudgeArguments = {
    judge: 'wise',
    'judge-reading': 'codevision',
    'judge-price': '0.15, .6, EUR',
    'judge-max-calls': 10,
    'judge-max-tokens': 700,
    'judge-max-cost': 2.5,
    cache: false,
  }
  expect(judgeOverrides(given)).toEqual({
    judge: {
      model: 'wise',
      reading: 'codevision',
      price: { input: 0.15, output: 0.6, currency: 'EUR' },
      maxCalls: 10,
      maxTokens: 700,
      maxCost: 2.5,
    },
    cache: false,
  })
})

test.each(['free', '1', '1,', '-1,2', '1,2,EUR,3', 'NaN,1', '1e3,Infinity'])('%j is no price', (price) => {
  expect(() => judgeOverrides({ ...nothing, 'judge-price': price })).toThrow(
    /--judge-price: expected.*0\.15,0\.6/,
  )
})

test('terms for a judge that is none are refused', () => {
  expect(() => judgeOverrides({ ...nothing, judge: 'none', 'judge-max-calls': 3 })).toThrow(UsageError)
})
