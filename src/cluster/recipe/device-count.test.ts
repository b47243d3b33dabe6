import { expect, test } from '@jest/globals'
import { deviceCount } from './device-count.js'

test.each([
  [1, 1],
  [2, 8],
  [32, 8],
])('%i machines of %i GPUs share out the rollouts of an update', (nodes, gpus) => {
  expect(deviceCount({ nodes, gpus })).toBe(nodes * gpus)
})

test.each([
  [1, 6],
  [3, 8],
  [64, 8],
  [1e9, 8],
  [0, 8],
])('%i machines of %i GPUs are refused', (nodes, gpus) => {
  expect(() => deviceCount({ nodes, gpus })).toThrow(
    `--nodes × --gpus: expected a number that the 256 rollouts of an update can be shared out among (1, 2, 4, … 256), got ${nodes} × ${gpus} = ${nodes * gpus};`,
  )
})
