import { expect, test } from '@jest/globals'
import { parseModelConfig } from '../../models/config/read-config.js'
import { checkMemory } from './check-memory.js'

/** The published sizes of Qwen2.5-VL-3B, as far as memory depends on them. */
const BILLIONS = parseModelConfig({
  where: 'config.json',
  value: {
    model_type: 'qwen2_5_vl',
    hidden_size: 2048,
    intermediate_size: 11008,
    num_hidden_layers: 36,
    num_attention_heads: 16,
    num_key_value_heads: 2,
    vocab_size: 151_936,
    tie_word_embeddings: true,
    image_token_id: 151_655,
    vision_start_token_id: 151_652,
    rope_theta: 1e6,
    rope_scaling: { type: 'mrope', mrope_section: [16, 24, 24] },
    vision_config: {
      depth: 32,
      hidden_size: 1280,
      intermediate_size: 3420,
      num_heads: 16,
      out_hidden_size: 2048,
      patch_size: 14,
      window_size: 112,
      fullatt_block_indexes: [7, 15, 23, 31],
    },
  },
})

const check = (parameters: Partial<Parameters<typeof checkMemory>[0]>) =>
  checkMemory({
    config: BILLIONS,
    backend: 'wasm',
    directory: 'qwen',
    contextTokens: 32_768,
    packedBytes: null,
    memoryBytes: 64 * 2 ** 30,
    ...parameters,
  })

test('a model that cannot fit is refused with what it needs, what there is, and what to do', () => {
  expect(() => check({})).toThrow(
    /^qwen: expected a model that fits into 4\.0 GiB \(the heap of WebAssembly\), got one of 3\.8 billion parameters that needs 15\.\d GiB: 14\.0 GiB of weights in float32.*--policy openai/,
  )
  expect(() => check({ backend: 'cpu', memoryBytes: 8 * 2 ** 30 })).toThrow(
    /8\.0 GiB \(this machine's memory\)/,
  )
})

test('a model that fits leaves the rest to conversations, by the bytes of a token', () => {
  const { activeBytes, keptBytes, bytesPerToken } = check({ backend: 'cpu', memoryBytes: 20 * 2 ** 30 })
  expect(bytesPerToken).toBe(36 * 2 * 2 * 128 * 4)
  expect(activeBytes / 2 ** 30).toBeCloseTo((20 - 14 - 0.25) / 2, 1)
  expect(keptBytes).toBe(2 ** 30)
})

test('a decoder holds its weights a second time, and keys and values in its own memory of 4 GiB at most', () => {
  const packedBytes = 3 * 2 ** 30
  const { activeBytes } = check({ backend: 'cpu', packedBytes })
  expect(activeBytes / 2 ** 30).toBeCloseTo((4 - 3 - 0.25) / 2, 6)
  expect(() => check({ backend: 'cpu', packedBytes, memoryBytes: 17 * 2 ** 30 })).toThrow(
    /needs 18\.\d GiB: 14\.0 GiB of weights in float32, 3\.0 GiB of them packed for writing tokens/,
  )
})

test('what training needs is counted with the model', () => {
  const given = { backend: 'cpu', memoryBytes: 20 * 2 ** 30 } as const
  expect(() => check({ ...given, trainingBytes: 6 * 2 ** 30 })).toThrow(
    /needs 21\.\d GiB: 14\.0 GiB of weights in float32, 6\.0 GiB to train them/,
  )
  expect(check({ ...given, trainingBytes: 2 ** 30 }).activeBytes).toBe(check(given).activeBytes - 2 ** 29)
})
