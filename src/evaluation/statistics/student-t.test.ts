import { expect, test } from '@jest/globals'
import { studentT } from './student-t.js'

// Two-sided 5 % points of the tables, as in Snedecor and Cochran, Statistical Methods, table A 4.
test.each([
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [9, 2.262],
  [10, 2.228],
  [30, 2.042],
  [120, 1.98],
  [Infinity, 1.96],
])('with %d degrees of freedom it is %d as in the tables', (degrees, point) => {
  expect(Math.abs(studentT({ degrees }) - point)).toBeLessThan(1.1e-3)
})

test('it falls towards the normal point', () => {
  const points = [1, 2, 3, 4, 5, 8, 20, 199, 1e4, 1e7].map((degrees) => studentT({ degrees }))
  expect(points).toEqual([...points].sort((a, b) => b - a))
  expect(points.at(-1)).toBeCloseTo(1.95996, 5)
})
