import { parseModelConfig } from '../config/read-config.js'
import type { ModelConfig, ModelFamily } from '../config/model-config.js'

/** Token that stands for visual tokens in tiny models. */
export const IMAGE_PAD = 19

const VISION = {
  depth: 2,
  hidden_size: 16,
  intermediate_size: 24,
  num_heads: 2,
  out_hidden_size: 24,
  patch_size: 4,
}

/** config.json of a model small enough to be checked number by number; its text is in the flat layout where `isFlat`. */
export function tinyConfigJson({
  family,
  isFlat = false,
}: {
  family: ModelFamily
  isFlat?: boolean
}): object {
  const isThird = family === 'qwen3_vl'
  const rope = { mrope_section: isThird ? [2, 1, 1] : [1, 1, 1], rope_theta: 10_000, rope_type: 'default' }
  const text = {
    hidden_size: 24,
    intermediate_size: 40,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    ...(isThird && { head_dim: 8 }),
    vocab_size: 20,
    initializer_range: 0.3,
  }
  const shared = {
    model_type: family,
    image_token_id: IMAGE_PAD,
    vision_start_token_id: 18,
    tie_word_embeddings: isThird,
    vision_config: {
      ...VISION,
      initializer_range: 0.3,
      ...(isThird
        ? { num_position_embeddings: 9, deepstack_visual_indexes: [0] }
        : { window_size: 16, fullatt_block_indexes: [1] }),
    },
  }
  return isFlat
    ? {
        ...shared,
        ...text,
        rope_scaling: { ...rope, rope_theta: undefined, type: 'mrope' },
        rope_theta: rope.rope_theta,
      }
    : { ...shared, text_config: { ...text, rope_parameters: rope } }
}

export function tinyConfig(family: ModelFamily): ModelConfig {
  return parseModelConfig({ value: tinyConfigJson({ family }), where: 'config.json' })
}
