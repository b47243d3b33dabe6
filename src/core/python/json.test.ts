import { describe, expect, test } from '@jest/globals'
import { parsePythonJson, PythonJsonError } from './json.js'
import { pythonJsonText } from './json-text.js'

const roundTrip = (text: string) => pythonJsonText(parsePythonJson(text))

describe('reading and writing JSON as Python does', () => {
  test.each([
    ['{"b":1,"a":[1.0,2e3,-0,-0.0]}', '{"b": 1, "a": [1.0, 2000.0, 0, -0.0]}'],
    ['{"a":1,"b":2,"a":3}', '{"a": 3, "b": 2}'],
    ['[NaN,Infinity,-Infinity,1e999]', '[NaN, Infinity, -Infinity, Infinity]'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['"\\u00e9\\/\\ud83d\\ude00\\u0007\\u007f"', '"é/😀\\u0007\u007f"'],
    ['"\\ud800"', '"\ud800"'],
    [' \n{ } ', '{}'],
    ['{"__proto__": {"x": null}}', '{"__proto__": {"x": null}}'],
  ])('%s becomes %s', (text, written) => {
    expect(roundTrip(text)).toBe(written)
  })

  test('integers are bigints and floats are numbers', () => {
    expect(parsePythonJson('[1, 1.0]')).toEqual([1n, 1])
  })
})

describe('refusing what Python refuses, with the place', () => {
  test.each([
    ['', 0],
    ['[1,]', 3],
    ['{"a":1,}', 7],
    ["{'a': 1}", 1],
    ['{"a" 1}', 5],
    ['[1 2]', 3],
    ['01', 1],
    ['1.', 1],
    ['+1', 0],
    ['nan', 0],
    ['"a\nb"', 2],
    ['"\\x41"', 1],
    ['"\\u12"', 1],
    ['"abc', 0],
    ['{} {}', 3],
    ['\ufeff1', 0],
    ['\u00a01', 0],
  ])('%j breaks at %i', (text, offset) => {
    const refused = () => parsePythonJson(text)
    expect(refused).toThrow(PythonJsonError)
    expect(refused).toThrow(expect.objectContaining({ offset }))
  })

  test('nesting past the recursion limit and integers past the digit limit', () => {
    expect(roundTrip('['.repeat(900) + ']'.repeat(900))).toHaveLength(1800)
    expect(() => parsePythonJson('['.repeat(50_000))).toThrow(/nested deeper/)
    expect(() => parsePythonJson('9'.repeat(4301))).toThrow(/4300 digits/)
  })
})
