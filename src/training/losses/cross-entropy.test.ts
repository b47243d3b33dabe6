import { expect, test } from '@jest/globals'
import { crossEntropy } from './cross-entropy.js'
import { sampledEntropy } from './entropy.js'

test('the loss of a sequence is what its tokens surprise by, times what each of them counts', () => {
  expect(crossEntropy({ logprobs: [-1, -2.5], weight: 0.25 })).toEqual({
    surprise: 3.5,
    value: 0.875,
    derivative: Float64Array.of(-0.25, -0.25),
  })
  expect(crossEntropy({ logprobs: [], weight: 1 })).toEqual({
    ...{ surprise: 0, value: 0 },
    derivative: new Float64Array(0),
  })
})

test('entropy is estimated by the mean surprise of what was sampled', () => {
  expect(sampledEntropy([[-1, -2], [-3]])).toBe(2)
  expect(sampledEntropy([])).toBe(0)
})
