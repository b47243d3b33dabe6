import { describe, expect, test } from '@jest/globals'
import { closeCutJson } from './close-cut-json.js'

describe('closeCutJson', () => {
  test('closes the string that was cut, and what holds it', () => {
    expect(closeCutJson('{"a": [{"b": "x \\"y\\" z')).toEqual({ a: [{ b: 'x "y" z' }] })
  })

  test.each([
    ['a lone backslash', String.raw`{"a": "x\ `.trimEnd(), 'x'],
    ['half an escape', String.raw`{"a": "x\u00e`, 'x'],
    ['a whole escape', String.raw`{"a": "x\u00e4`, 'xä'],
    ['an escaped backslash', String.raw`{"a": "x\\`, 'x\\'],
    ['the first of two surrogates', String.raw`{"a": "x\ud83d`, 'x'],
    ['bytes of a character', '{"a": "x\ufffd', 'x'],
  ])('ends before %s', (_, text, expected) => {
    expect(closeCutJson(text)).toEqual({ a: expected })
  })

  test.each([
    ['behind a value', '{"a": "x"'],
    ['in a name', '{"a": "x", "b'],
    ['in a number', '[1, 2'],
    ['in something else', '<html>"x'],
  ])('gives nothing of a text that ends %s', (_, text) => {
    expect(closeCutJson(text)).toBeNull()
  })
})
