import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { numbersOf } from './numbers-of.js'

const { coerce } = numbersOf('--beta1')

test('numbers are taken in their order, one as a list of one', () => {
  expect(coerce(['1', '0.5', '-2', '1e3'])).toEqual([1, 0.5, -2, 1000])
  expect(coerce('0')).toEqual([0])
})

test('none at all is refused', () => {
  expect(() => coerce([])).toThrow(new UsageError('--beta1: expected numbers, got none'))
})

test.each(['x', 'Infinity', 'NaN', '', '1,5'])('%j is refused as it was typed', (typed) => {
  expect(() => coerce(['1', typed])).toThrow(
    new UsageError(`--beta1: expected numbers, got ${JSON.stringify(typed)}`),
  )
})
