import { expect, test } from '@jest/globals'
import { directionOf, overallDirection, type Expected } from './direction.js'

const higher: Expected = { direction: 'higher' }
const lower: Expected = { direction: 'lower' }
const notLower: Expected = { direction: 'not lower', margin: 0.05 }

test.each([
  [higher, [0.01, 0.3], 'agrees'],
  [higher, [-0.3, -0.01], 'disagrees'],
  [higher, [-0.01, 0.3], 'cannot tell'],
  [higher, [-0.02, 0.03], 'cannot tell'],
  [higher, [0, 0], 'cannot tell'],
  [higher, [-0.002, 0.002], 'no difference'],
  [higher, [0.001, 0.002], 'agrees'],
  [lower, [-0.3, -0.01], 'agrees'],
  [lower, [0.01, 0.3], 'disagrees'],
  [lower, [-0.3, 0.01], 'cannot tell'],
  [lower, [-0.02, 0.01], 'no difference'],
  [notLower, [-0.04, 0.02], 'agrees'],
  [notLower, [-0.06, 0.02], 'cannot tell'],
  // A fall within the margin counts as none, also where it is a fall for certain.
  [notLower, [-0.04, -0.01], 'agrees'],
  [notLower, [-0.045, 0.003], 'agrees'],
  [notLower, [-0.3, -0.04], 'cannot tell'],
  [notLower, [-0.3, -0.06], 'disagrees'],
  [{ direction: 'open' }, [0.1, 0.2], null],
] as const)('%j with an interval %j: %s', (expected, [low, high], verdict) => {
  expect(directionOf({ contrast: { interval: [low, high] }, expected, negligible: 0.02 })).toBe(verdict)
})

test('where an arm is missing, or nothing is known of the spread, it cannot be told', () => {
  const common = { expected: higher, negligible: 0.02 }
  expect(directionOf({ ...common, contrast: null })).toBe('cannot tell')
  expect(directionOf({ ...common, contrast: { interval: null } })).toBe('cannot tell')
})

test('one comparison that disagrees decides, then one that cannot tell, one without a difference, one that is not tested', () => {
  expect(overallDirection(['agrees', 'cannot tell', 'disagrees'])).toBe('disagrees')
  expect(overallDirection(['agrees', null, 'cannot tell'])).toBe('cannot tell')
  expect(overallDirection(['no difference', 'cannot tell', 'not tested'])).toBe('cannot tell')
  expect(overallDirection(['agrees', 'not tested', 'no difference'])).toBe('no difference')
  expect(overallDirection(['agrees', 'not tested'])).toBe('not tested')
  expect(overallDirection(['agrees', null, 'agrees'])).toBe('agrees')
  expect(overallDirection([null])).toBeNull()
})
