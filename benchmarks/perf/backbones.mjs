// The paper's backbones: which commit of which repository, and the sizes that their config.json has.

const QWEN3 = { vocab_size: 151_936, head_dim: 128, num_key_value_heads: 8 }

export const BACKBONES = {
  'qwen2.5-vl-7b': {
    repository: 'Qwen/Qwen2.5-VL-7B-Instruct',
    revision: 'cc594898137f460bfe9f0759e9844b3ce807cfb5',
    config: {
      model_type: 'qwen2_5_vl',
      image_token_id: 151_655,
      tie_word_embeddings: false,
      vision_config: {
        ...{ depth: 32, hidden_size: 1280, intermediate_size: 3420, num_heads: 16, out_hidden_size: 3584 },
        ...{ patch_size: 14, window_size: 112, fullatt_block_indexes: [7, 15, 23, 31] },
      },
      text_config: {
        ...{ hidden_size: 3584, intermediate_size: 18_944, num_hidden_layers: 28, num_attention_heads: 28 },
        ...{ num_key_value_heads: 4, vocab_size: 152_064 },
        rope_parameters: { mrope_section: [16, 24, 24], rope_theta: 1_000_000 },
      },
    },
  },
  'qwen3-vl-8b-thinking': qwen3({
    repository: 'Qwen/Qwen3-VL-8B-Thinking',
    revision: '92f3c4b4feadd3a016ef468d103bb5f58b2a2c6b',
    text: { hidden_size: 4096, intermediate_size: 12_288, num_hidden_layers: 36, num_attention_heads: 32 },
  }),
  'qwen3-vl-32b-thinking': qwen3({
    repository: 'Qwen/Qwen3-VL-32B-Thinking',
    revision: '7edd10ffd1196091948fb245ff63e406ccb2d4d1',
    text: { hidden_size: 5120, intermediate_size: 25_600, num_hidden_layers: 64, num_attention_heads: 64 },
  }),
}

function qwen3({ repository, revision, text }) {
  return {
    repository,
    revision,
    config: {
      model_type: 'qwen3_vl',
      image_token_id: 151_655,
      tie_word_embeddings: false,
      vision_config: {
        ...{ depth: 27, hidden_size: 1152, intermediate_size: 4304, num_heads: 16, patch_size: 16 },
        ...{ out_hidden_size: text.hidden_size, num_position_embeddings: 2304 },
        deepstack_visual_indexes: [8, 16, 24],
      },
      text_config: {
        ...QWEN3,
        ...text,
        rope_parameters: { mrope_section: [24, 20, 20], mrope_interleaved: true, rope_theta: 5_000_000 },
      },
    },
  }
}
