import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { someOf } from './some-of.js'

const { coerce } = someOf('--without', ['penalty', 'format'])

test('values that are some of them are taken, in their order', () => {
  expect(coerce(['format', 'penalty'])).toEqual(['format', 'penalty'])
  expect(coerce('format')).toEqual(['format'])
})

test('one that is not is refused with the one that was probably meant', () => {
  expect(() => coerce(['format', 'penlty'])).toThrow(
    new UsageError('--without: expected one of penalty, format, got "penlty"; did you mean penalty?'),
  )
})

test('none at all is refused', () => {
  expect(() => coerce([])).toThrow(new UsageError('--without: expected some of penalty, format, got none'))
})
