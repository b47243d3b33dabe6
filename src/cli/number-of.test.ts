import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { numberOf } from './number-of.js'

const { coerce } = numberOf('--rows')

test('a number is taken, as a default is one already', () => {
  expect(['12', '1e3', '-0.5', 1200].map(coerce)).toEqual([12, 1000, -0.5, 1200])
})

test.each([[''], [' '], ['x'], ['NaN'], ['Infinity'], [['1', '2']]])(
  '%j is refused as it was typed',
  (typed) => {
    expect(() => coerce(typed)).toThrow(
      new UsageError(`--rows: expected a number, got ${JSON.stringify(typed)}`),
    )
  },
)
