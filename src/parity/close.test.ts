import { expect, test } from '@jest/globals'
import { isClose } from './close.js'

test('numbers agree to 1e-9, words stand for numbers that JSON has not', () => {
  expect(isClose({ a: [1, 'x', null] }, { a: [1 + 5e-10, 'x', null] })).toBe(true)
  expect(isClose(1, 1 + 5e-9)).toBe(false)
  expect(isClose(1e12, 1e12 + 1)).toBe(true)
  expect(isClose([Number.NaN, Infinity, -Infinity], ['NaN', 'Infinity', '-Infinity'])).toBe(true)
  expect(isClose(Number.NaN, 0)).toBe(false)
  expect(isClose(Infinity, 1)).toBe(false)
})

test('what is missing, or there besides, is a difference', () => {
  expect(isClose({ a: 1 }, { a: 1, b: 2 })).toBe(false)
  expect(isClose({ a: 1, b: 2 }, { a: 1 })).toBe(false)
  expect(isClose([1], [1, 2])).toBe(false)
  expect(isClose({ 0: 1 }, [1])).toBe(false)
  expect(isClose(null, 0)).toBe(false)
  expect(isClose('1', 1)).toBe(false)
})
