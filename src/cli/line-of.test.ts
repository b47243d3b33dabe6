import { expect, test } from '@jest/globals'
import { lineOf } from './line-of.js'

const { coerce } = lineOf('--model', 'a folder')

test('a text on one line is taken as it is', () => {
  expect(coerce('/my models/größer')).toBe('/my models/größer')
})

test.each(['a\nb', 'a\r', '\u0000', '\u001b[1m'])('%j is refused', (given) => {
  expect(() => coerce(given)).toThrow('--model: expected a folder without line breaks, got "')
})

test('nothing, and more than one text, are refused', () => {
  expect(() => coerce(' ')).toThrow('--model: expected a folder, got " "')
  expect(() => coerce(['a', 'b'])).toThrow('--model: expected a folder, got ["a","b"]')
})
