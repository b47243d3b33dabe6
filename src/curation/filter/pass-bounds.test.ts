import { expect, test } from '@jest/globals'
import { parsePassBounds, passPlace } from './pass-bounds.js'

const placeOf = (keep: string, correct: number, n: number) =>
  passPlace({ bounds: parsePassBounds(keep), correct, n })

test('mixed keeps whatever is neither all right nor all wrong', () => {
  expect([0, 1, 7, 8].map((correct) => placeOf('mixed', correct, 8))).toEqual([
    'all-wrong',
    'within',
    'within',
    'all-right',
  ])
  expect(placeOf('mixed', 1, 1)).toBe('all-right')
})

test('both ends of a range are included, also where their decimals are not exact', () => {
  expect(placeOf('0.1-0.9', 1, 10)).toBe('within')
  expect(placeOf('0.1-0.9', 9, 10)).toBe('within')
  expect(placeOf('0.3-0.7', 3, 10)).toBe('within')
  expect(placeOf('0.3-0.7', 2, 10)).toBe('too-hard')
  expect(placeOf('0.3-0.7', 8, 10)).toBe('too-easy')
})

test('a range has no exception for all right and all wrong: it says whether they are in it', () => {
  expect(placeOf('0-1', 0, 8)).toBe('within')
  expect(placeOf('0-0.5', 8, 8)).toBe('all-right')
  expect(placeOf('.125-1', 0, 8)).toBe('all-wrong')
  expect(placeOf('0.2-1', 1, 8)).toBe('too-hard')
})

test.each(['0.9-0.1', '1-9', 'some', '0.5', '-0.5', '0.1-'])(
  'refuses %s and says what is expected',
  (text) => {
    expect(() => parsePassBounds(text)).toThrow(/--keep: expected `mixed`.*0\.1-0\.9; got/)
  },
)
