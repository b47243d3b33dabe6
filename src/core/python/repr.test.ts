import { expect, test } from '@jest/globals'
import { parsePythonJson } from './json.js'
import { pythonRepr, pythonStr } from './repr.js'

test('values are written as Python writes them', () => {
  const value = parsePythonJson('[null, true, 5, 5.0, 1e16, NaN, {"a": ["x"]}, -0.0]')
  expect(pythonRepr(value)).toBe("[None, True, 5, 5.0, 1e+16, nan, {'a': ['x']}, -0.0]")
})

test('a text is itself, and quoted inside of other values', () => {
  expect(pythonStr('a\nb')).toBe('a\nb')
  expect(pythonRepr('a\nb')).toBe(String.raw`'a\nb'`)
  expect(pythonRepr("it's")).toBe(`"it's"`)
  expect(pythonRepr(`it's "x"`)).toBe(String.raw`'it\'s "x"'`)
})

test('what cannot be printed is escaped by its code', () => {
  expect(pythonRepr(`\u0000\u00a0\u200b\ud800${String.fromCodePoint(0xe0001)}é放`)).toBe(
    String.raw`'\x00\xa0\u200b\ud800\U000e0001é放'`,
  )
})
