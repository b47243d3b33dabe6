import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { textOf } from './text-of.js'

const { coerce } = textOf('--output', 'a folder')

test('a text is taken as it is', () => {
  expect(coerce('runs/my run ')).toBe('runs/my run ')
})

test.each([[''], ['  '], [['a', 'b']]])('%j is refused as it was typed', (typed) => {
  expect(() => coerce(typed)).toThrow(
    new UsageError(`--output: expected a folder, got ${JSON.stringify(typed)}`),
  )
})
