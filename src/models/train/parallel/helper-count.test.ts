import { expect, test } from '@jest/globals'
import { UsageError } from '../../../core/errors.js'
import { tinyConfig } from '../../testing/tiny-config.js'
import { TRAINS_ALL } from '../trains.js'
import { helperCount } from './helper-count.js'

const tiny = tinyConfig('qwen3_vl')
/** Some 2.6 million parameters of embeddings. */
const small = { ...tiny, text: { ...tiny.text, vocabularySize: 110_000 } }
const machine = { trains: TRAINS_ALL, cores: 8, memoryBytes: 2 ** 35 }
const wasm = { backend: 'wasm', ...machine } as const

test('one thread for each further core trains on wasm, where a model is large enough', () => {
  expect(helperCount({ ...wasm, config: small })).toBe(7)
  expect(helperCount({ ...wasm, config: small, cores: 1 })).toBe(0)
  expect(helperCount({ ...wasm, config: tiny })).toBe(0)
  expect(helperCount({ ...machine, backend: 'node', config: small, workers: 3 })).toBe(0)
})

test('what is asked for is taken; what fits no memory is not', () => {
  expect(helperCount({ ...wasm, config: tiny, workers: 2 })).toBe(2)
  expect(helperCount({ ...wasm, config: small, workers: 0 })).toBe(0)
  // Each needs 0.25 GiB and a little more.
  expect(helperCount({ ...wasm, config: small, memoryBytes: 2 ** 30 })).toBe(1)
  expect(() => helperCount({ ...wasm, config: small, workers: 4, memoryBytes: 2 ** 30 })).toThrow(UsageError)
  expect(() => helperCount({ ...wasm, config: small, workers: 1.5 })).toThrow(/expected a whole number/)
})
