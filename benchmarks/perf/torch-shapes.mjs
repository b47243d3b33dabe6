// Shapes of models whose weights the benchmark of the torch engine draws, and what a checkpoint needs beside them: a tokenizer that knows bytes and the special tokens at their published places.

const SPECIAL = {
  '<|endoftext|>': 0,
  '<|im_start|>': 1,
  '<|im_end|>': 2,
  '<|vision_start|>': 9,
  '<|vision_end|>': 10,
  '<|image_pad|>': 12,
}

/** The vision tower of both. */
const TOWER = {
  depth: 32,
  hidden_size: 1280,
  intermediate_size: 3420,
  num_heads: 16,
  window_size: 112,
  fullatt_block_indexes: [7, 15, 23, 31],
}

/** config.json by name; the place of the first special token is the vocabulary's end without padding. */
export const SHAPES = {
  'qwen2.5-vl-3b': shape({
    specialFrom: 151_643,
    text: {
      hidden_size: 2048,
      intermediate_size: 11_008,
      num_hidden_layers: 36,
      num_attention_heads: 16,
      num_key_value_heads: 2,
      vocab_size: 151_936,
      sections: [16, 24, 24],
    },
    vision: TOWER,
  }),
  'qwen2.5-vl-7b': shape({
    specialFrom: 151_643,
    isTied: false,
    text: {
      hidden_size: 3584,
      intermediate_size: 18_944,
      num_hidden_layers: 28,
      num_attention_heads: 28,
      num_key_value_heads: 4,
      vocab_size: 152_064,
      sections: [16, 24, 24],
    },
    vision: TOWER,
  }),
  tiny: shape({
    specialFrom: 1000,
    text: {
      hidden_size: 64,
      intermediate_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      vocab_size: 1024,
      sections: [2, 3, 3],
    },
    vision: {
      depth: 2,
      hidden_size: 32,
      intermediate_size: 64,
      num_heads: 2,
      window_size: 112,
      fullatt_block_indexes: [1],
    },
  }),
}

function shape({ specialFrom, isTied = true, text: { sections, ...text }, vision }) {
  const id = (token) => specialFrom + SPECIAL[token]
  return {
    model_type: 'qwen2_5_vl',
    image_token_id: id('<|image_pad|>'),
    vision_start_token_id: id('<|vision_start|>'),
    vision_end_token_id: id('<|vision_end|>'),
    tie_word_embeddings: isTied,
    vision_config: {
      ...vision,
      out_hidden_size: text.hidden_size,
      patch_size: 14,
      spatial_merge_size: 2,
      temporal_patch_size: 2,
    },
    text_config: {
      ...text,
      max_position_embeddings: 32_768,
      tie_word_embeddings: isTied,
      rope_parameters: { mrope_section: sections, rope_theta: 1_000_000, rope_type: 'default' },
    },
  }
}

/** Files of a checkpoint beside its weights, by name. */
export function checkpointFiles(config) {
  const specialFrom = config.image_token_id - SPECIAL['<|image_pad|>']
  const added = Object.entries(SPECIAL).map(([content, at]) => ({
    ...{ id: specialFrom + at, content, special: true },
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  }))
  const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  const model = { type: 'BPE', dropout: null, unk_token: null, vocab: vocabulary(specialFrom), merges: [] }
  return {
    'config.json': config,
    'tokenizer.json': {
      ...{
        version: '1.0',
        truncation: null,
        padding: null,
        added_tokens: added,
        normalizer: { type: 'NFC' },
      },
      ...{ pre_tokenizer: level, post_processor: null, decoder: level, model },
    },
    'tokenizer_config.json': { tokenizer_class: 'Qwen2Tokenizer', eos_token: '<|im_end|>' },
    'generation_config.json': { eos_token_id: [specialFrom + 2, specialFrom] },
    'preprocessor_config.json': {
      ...{ patch_size: 14, merge_size: 2, temporal_patch_size: 2, min_pixels: 3136, max_pixels: 12_845_056 },
      ...{ image_mean: [0.48145466, 0.4578275, 0.40821073], image_std: [0.26862954, 0.26130258, 0.27577711] },
    },
    'chat_template.jinja':
      "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' }}{%- if message.content is string %}{{- message.content }}{%- else %}{%- for part in message.content %}" +
      "{%- if part.type == 'image' %}{{- '<|vision_start|><|image_pad|><|vision_end|>' }}{%- else %}{{- part.text }}{%- endif %}{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}{%- endfor %}" +
      "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}",
  }
}

/** Bytes as byte-level BPE writes them, and behind them pairs of these, which nothing is merged to. */
function vocabulary(size) {
  const isPlain = (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  const symbols = Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPlain(byte) ? byte : next++),
  )
  return Object.fromEntries(
    Array.from({ length: size }, (_, id) => {
      if (id < 256) return [symbols[id], id]
      const rest = id - 256
      return [`${symbols[rest >> 16]}${symbols[(rest >> 8) & 255]}${symbols[rest & 255]}`, id]
    }),
  )
}
