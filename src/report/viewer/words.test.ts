import { expect, test } from '@jest/globals'
import { duration, integer, percent, plural } from './words.js'

test.each([
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1500, '1.5 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [119_700, '2 min 0 s'],
  [3_599_600, '1 h 0 min'],
  [7_380_000, '2 h 3 min'],
])('%d ms are said as %s', (ms, words) => expect(duration(ms)).toBe(words))

test('numbers are written the same everywhere', () => {
  expect(integer(1234567)).toBe('1\u202f234\u202f567')
  expect(plural(1, 'turn')).toBe('1 turn')
  expect(plural(0, 'turn')).toBe('0 turns')
  expect(percent(null)).toBe('–')
  expect(percent(0.12345)).toBe('12.3 %')
})
