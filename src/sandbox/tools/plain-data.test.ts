import { runInNewContext } from 'node:vm'
import { expect, test } from '@jest/globals'
import { plainProblem } from './plain-data.js'

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
const circle: unknown[] = []
circle.push(circle)

test.each([
  [1],
  ['x'],
  [true],
  [null],
  [[1, ['x', { a: null }]]],
  [{ a: undefined }],
  [nested(16)],
  [Object.create(null)],
  [runInNewContext('({ a: [1] })')],
])('is plain: %j', (value) => expect(plainProblem(value)).toBeNull())

test.each([
  [Infinity, 'finite numbers'],
  [[NaN], 'finite numbers'],
  [undefined, 'got undefined'],
  [{ a: () => 1 }, 'got function'],
  [[1n], 'got bigint'],
  [new Map([['a', 1]]), 'got Map'],
  [[new Date(0)], 'got Date'],
  [Buffer.from('x'), 'got Buffer'],
  [nested(17), 'at most 16 levels'],
  [Array.from({ length: 100_000 }, () => 0), 'at most 100000 values'],
])('is not plain, case %#', (value, words) => expect(plainProblem(value)).toContain(words))

test('a list that holds itself is refused', () => {
  expect(plainProblem(circle)).toContain('levels')
})
