import { expect, test } from '@jest/globals'
import { growthOf, isFlat } from './growth.js'

const sample = (calls: number) => ({ calls, memoryBytes: calls * 1e6, descriptors: 3, processes: 5 })
const at = ({ calls }: { calls: number }): number => calls

test('is counted from the sample at a tenth of the way', () => {
  const samples = Array.from({ length: 20 }, (_, index) => sample(index + 1))
  expect(growthOf({ samples, at })).toEqual({ memoryBytes: 18e6, descriptors: 0, processes: 0 })
  expect(() => growthOf({ samples: [], at })).toThrow('expected samples')
})

test('is flat below 50 MB with no more descriptors', () => {
  expect(isFlat({ memoryBytes: 49e6, descriptors: 0, processes: 2 })).toBe(true)
  expect(isFlat({ memoryBytes: 51e6, descriptors: 0, processes: 0 })).toBe(false)
  expect(isFlat({ memoryBytes: 0, descriptors: 1, processes: 0 })).toBe(false)
})
