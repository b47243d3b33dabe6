import { expect, test } from '@jest/globals'
import { pythonLiteral } from './literal.js'
import { pythonValueRepr } from './value.js'

test.each([
  ['{3, 1, 2}', '{1, 2, 3}'],
  ['{8, 1}', '{8, 1}'],
  ['{100, 5, 64}', '{64, 100, 5}'],
  ['{-1, -2, 0}', '{0, -1, -2}'],
  ['{0.5, 1, 2.5}', '{0.5, 1, 2.5}'],
  ['{9, 8, 7, 6, 5, 33, 41, 17, 1000}', '{33, 5, 6, 7, 8, 9, 41, 1000, 17}'],
  ["{'b', 'a'}", "{'b', 'a'}"],
])('%s is listed as %s', (written, listed) => {
  expect(pythonValueRepr(pythonLiteral(written))).toBe(listed)
})
