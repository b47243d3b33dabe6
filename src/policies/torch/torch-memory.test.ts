import { expect, test } from '@jest/globals'
import { parseModelConfig } from '../../models/config/read-config.js'
import { torchMemory } from './torch-memory.js'

/** Sizes of Qwen2.5-VL-7B-Instruct; transformers counts 8,292,166,656 parameters, of which 676,550,144 are the vision tower's. */
const config = parseModelConfig({
  where: 'config.json',
  value: {
    model_type: 'qwen2_5_vl',
    image_token_id: 151_655,
    vision_config: {
      ...{ depth: 32, hidden_size: 1280, intermediate_size: 3420, num_heads: 16, out_hidden_size: 3584 },
      ...{ patch_size: 14, window_size: 112, fullatt_block_indexes: [7, 15, 23, 31] },
    },
    text_config: {
      ...{ hidden_size: 3584, intermediate_size: 18_944, num_hidden_layers: 28, num_attention_heads: 28 },
      ...{ num_key_value_heads: 4, vocab_size: 152_064 },
      rope_parameters: { mrope_section: [16, 24, 24] },
    },
  },
})

test('all weights: 2 bytes of each parameter, 16 of each trained one, 2 of the reference, 4 at an update', () => {
  const need = torchMemory({ config, train: 'full', rank: 16, tokens: 1000 })
  const trained = 8_292_166_656
  expect(need).toMatchObject({
    ...{ parameters: 8_292_166_656, trained, weights: 2 * 8_292_166_656 },
    ...{ training: 16 * trained, reference: 2 * trained, update: 4 * trained },
  })
  const frozen = torchMemory({ config, train: 'full', rank: 16, freezeVision: true, tokens: 1000 })
  expect(frozen.trained).toBe(8_292_166_656 - 676_550_144)
})

test('adapters: rank × (in + out) of the seven layers of a block, in float32 throughout', () => {
  const need = torchMemory({ config, train: 'lora', rank: 16, tokens: 1000 })
  const [attention, feedForward] = [2 * (3584 + 3584) + 2 * (3584 + 512), 3 * (3584 + 18_944)]
  const trained = 28 * 16 * (attention + feedForward)
  expect(need).toMatchObject({ trained, training: 16 * trained, reference: 4 * trained })
})

test('activations: inputs of the layers, one layer twice, scores of 1,024 tokens; nothing where nothing is trained', () => {
  const kept = 28 * 3584 * 2
  const layer = 2 * 2 * (4 * 18_944 + 8 * 3584)
  expect(torchMemory({ config, train: 'lora', rank: 16, tokens: 500 }).activations).toBe(
    500 * (kept + layer) + 1024 * 152_064 * 10,
  )
  const sampling = torchMemory({ config, train: 'none', rank: 16, tokens: 500 })
  expect(sampling).toMatchObject({ trained: 0, training: 0, reference: 0, update: 0, activations: 0 })
  expect(sampling.perToken).toBe(2 * 28 * 4 * 128 * 2)
})
