import { expect, test } from '@jest/globals'
import { pairsOf } from './pairs-of.js'

test('pairs are read, with values that hold anything', () => {
  const { coerce } = pairsOf('--env')
  expect(coerce(['A=1', 'URL=http://a/?b=c\n', 'EMPTY='])).toEqual({
    A: '1',
    URL: 'http://a/?b=c\n',
    EMPTY: '',
  })
})

test('what is no pair, and a name that comes twice, are refused', () => {
  const { coerce } = pairsOf('--env')
  expect(() => coerce(['A'])).toThrow('--env: expected NAME=value, got "A"')
  expect(() => coerce(['=1'])).toThrow('NAME=value')
  expect(() => coerce(['A=1', 'A=2'])).toThrow('got A twice')
})
