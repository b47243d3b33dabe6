import { describe, expect, test } from '@jest/globals'
import { didYouMean, editDistance } from './did-you-mean.js'

describe('editDistance', () => {
  test.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['polciy', 'policy', 1],
    ['same', 'same', 0],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })
})

describe('didYouMean', () => {
  test('finds the nearest candidate whatever its case', () => {
    expect(didYouMean({ given: 'Polcy', candidates: ['judge', 'policy', 'pool'] })).toBe('policy')
  })

  test('says nothing when every candidate is far away', () => {
    expect(didYouMean({ given: 'wavelength', candidates: ['judge', 'policy', 'n'] })).toBeNull()
  })
})
