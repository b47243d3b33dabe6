import { describe, expect, test } from '@jest/globals'
import { ends } from '../testing/ends.js'
import { parsePythonFraction } from './fraction.js'
import { parsePythonFloat, parsePythonInt, pythonFloatRepr } from './number.js'

describe('parsePythonFloat', () => {
  test.each([
    ['  -3.25e2\n', -325],
    ['1_2.5_0', 12.5],
    ['.5', 0.5],
    ['5.', 5],
    ['\u0663.\uff15', 3.5],
    ['+Infinity', Infinity],
    ['-INF', -Infinity],
    ['1e999', Infinity],
    ['\u00a07\u2003', 7],
  ])('reads %j', (text, value) => {
    expect(parsePythonFloat(text)).toBe(value)
  })

  test('reads nan', () => expect(parsePythonFloat('-nan')).toBeNaN())

  test.each(['', ' ', '1__0', '_1', '1_', '1_.0', '0x1f', '1,5', '1 0', 'infinit', '--1', '\u00b2', '\x1f1'])(
    'refuses %j',
    (text) => expect(parsePythonFloat(text)).toBeNull(),
  )

  test('many digits before something else come to an end', () => {
    expect(ends(() => parsePythonFloat(`${'1'.repeat(1e6)}x`))).toBeNull()
  })
})

describe('parsePythonInt', () => {
  test('is exact past 2^53 and takes leading zeros', () => {
    expect(parsePythonInt('-00_90071992547409931')).toBe(-90071992547409931n)
  })

  test('refuses what is no integer, and more than 4,300 digits', () => {
    expect(parsePythonInt('1.0')).toBeNull()
    expect(parsePythonInt('9'.repeat(4300))).toBe(10n ** 4300n - 1n)
    expect(parsePythonInt('0'.repeat(4301))).toBeNull()
  })
})

test.each([
  [1, '1.0'],
  [-0, '-0.0'],
  [0.1 + 0.2, '0.30000000000000004'],
  [0.0001, '0.0001'],
  [0.000012, '1.2e-05'],
  [123456789012345.6, '123456789012345.6'],
  [9999999999999998, '9999999999999998.0'],
  [1e16, '1e+16'],
  [5e-324, '5e-324'],
  [-2.5e300, '-2.5e+300'],
  [Infinity, 'inf'],
  [NaN, 'nan'],
])('the repr of %p is %s', (value, text) => {
  expect(pythonFloatRepr(value)).toBe(text)
})

describe('parsePythonFraction', () => {
  test.each([
    ['1/3', 1 / 3],
    [' -7/2 ', -3.5],
    ['1_0/4', 2.5],
    ['.25', 0.25],
    ['3.', 3],
    ['2e-3', 0.002],
    ['\u0661/\u0662', 0.5],
    ['0/5', 0],
    // Nearest double of a quotient whose parts are no doubles.
    [`${10n ** 400n}/${3n * 10n ** 400n}`, 1 / 3],
    // 2^53 + 1 lies between two doubles: ties go to the even one.
    [`${2n ** 53n + 1n}/1`, 2 ** 53],
    [`${2n ** 54n + 6n}/2`, 2 ** 53 + 4],
    // Half of the smallest subnormal rounds to zero, a little more rounds up.
    [`1/${2n ** 1075n}`, 0],
    [`${2n ** 60n + 1n}/${2n ** 1135n}`, 5e-324],
  ])('reads %s', (text, value) => {
    expect(parsePythonFraction(text)).toBe(value)
  })

  test.each([
    '1/0',
    '1 / 2',
    '1.5/2',
    '/2',
    '',
    'inf',
    '1e400',
    `${10n ** 309n}/1`,
    '1/2/3',
    '9'.repeat(4301),
  ])('refuses %s', (text) => expect(parsePythonFraction(text)).toBeNull())
})
