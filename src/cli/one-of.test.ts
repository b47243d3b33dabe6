import { expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { oneOf } from './one-of.js'

const { coerce } = oneOf('--policy', ['tesseract', 'openai'])

test('a value that is one of them is taken', () => {
  expect(coerce('openai')).toBe('openai')
})

test.each([
  ['tesserac', '--policy: expected one of tesseract, openai, got "tesserac"; did you mean tesseract?'],
  ['nothing like it', '--policy: expected one of tesseract, openai, got "nothing like it"'],
  [['openai', 'openai'], '--policy: expected one of tesseract, openai, got ["openai","openai"]'],
])('another is refused with the one that was probably meant: %j', (given, message) => {
  expect(() => coerce(given)).toThrow(new UsageError(message))
})
