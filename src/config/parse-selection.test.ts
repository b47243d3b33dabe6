import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { parseLimit } from './parse-limit.js'
import { parseShard } from './parse-shard.js'

describe('parseLimit', () => {
  test('a number takes the first rows, a range counts from 1 with both ends', () => {
    expect(parseLimit('20')).toEqual({ first: 1, last: 20 })
    expect(parseLimit(' 21-40 ')).toEqual({ first: 21, last: 40 })
    expect(parseLimit('7-7')).toEqual({ first: 7, last: 7 })
  })

  test.each(['0', '0-', '-3', '0-5', '5-4', 'abc', '', '1.5', '1e3', '1-2-3', '99999999999999999999'])(
    'refuses %j and says what it expects',
    (text) => {
      expect(() => parseLimit(text)).toThrow(UsageError)
      expect(() => parseLimit(text)).toThrow(/21-40/)
    },
  )
})

describe('parseShard', () => {
  test('counts parts from 1', () => {
    expect(parseShard('2/4')).toEqual({ index: 2, count: 4 })
  })

  test.each(['3/2', '0/2', '1/0', '2', 'a/b', '', '-1/2', '1/2/3'])('refuses %j', (text) => {
    expect(() => parseShard(text)).toThrow(UsageError)
    expect(() => parseShard(text)).toThrow(/i from 1 to n/)
  })
})
