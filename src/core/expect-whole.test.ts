import { expect, test } from '@jest/globals'
import { UsageError } from './errors.js'
import { expectWhole } from './expect-whole.js'

test('whole numbers between both bounds are taken', () => {
  expect([1, 7].map((value) => expectWhole({ option: '--shards', value, most: 7 }))).toEqual([1, 7])
  expect(expectWhole({ option: '--retries', value: 0, least: 0 })).toBe(0)
})

test.each([0, 8, 1.5, Number.NaN, Infinity])('%d is refused, with the option and its bounds', (value) => {
  const wrong = (): number => expectWhole({ option: '--shards', value, most: 7 })
  expect(wrong).toThrow(UsageError)
  expect(wrong).toThrow(`--shards: expected a whole number from 1 to 7, got ${value}`)
})
