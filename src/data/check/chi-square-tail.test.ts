import { expect, test } from '@jest/globals'
import { chiSquareTail } from './chi-square-tail.js'

test.each([
  { statistic: 3.841458820694124, degrees: 1, p: 0.05 },
  { statistic: 25, degrees: 1, p: 5.733031437583866e-7 },
  { statistic: 5.991464547107979, degrees: 2, p: 0.05 },
  { statistic: 7.814727903251179, degrees: 3, p: 0.05 },
  { statistic: 20, degrees: 3, p: 1.6974243555282632e-4 },
  { statistic: 9.487729036781154, degrees: 4, p: 0.05 },
  { statistic: 0, degrees: 3, p: 1 },
])('$statistic with $degrees degrees of freedom has the tail of the tables', ({ p, ...given }) => {
  expect(chiSquareTail(given) / p).toBeCloseTo(1, 9)
})
