import { expect, test } from '@jest/globals'
import { overlapWarning } from './overlap-warning.js'

test('what is measured and learned from too is counted, and nothing is said where there is none', () => {
  const named = 'rows of `evaluation.data`'
  expect(overlapWarning({ learned: ['a', 'b', 'c'], measured: ['c', 'd', 'a'], named })).toMatch(
    /^Warning: 2 of the 3 rows of `evaluation\.data` are learned from too/,
  )
  expect(overlapWarning({ learned: ['a'], measured: ['b'], named })).toBeNull()
})
