import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseModelConfig } from '../../dist/models/config/read-config.js'
import { byteSymbols } from '../../dist/models/tokenizer/byte-symbols.js'
import { newWeights } from '../../dist/models/weights/new-weights.js'
import { saveWeights } from '../../dist/models/weights/save-weights.js'

const SPECIAL = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '<|image_pad|>',
]
const BYTES = 256
const idOf = (token) => BYTES + SPECIAL.indexOf(token)

const TEMPLATE = `{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' }}{%- if message.content is string %}{{- message.content }}{%- else %}{%- for part in message.content %}{%- if part.type == 'image' %}{{- '<|vision_start|><|image_pad|><|vision_end|>' }}{%- else %}{{- part.text }}{%- endif %}{%- endfor %}{%- endif %}{{- '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`

/** Write a new checkpoint of some ten thousand parameters in the Hugging Face layout, whose tokens are bytes. The backend must be open. */
export async function writeTinyCheckpoint({ directory, family }) {
  mkdirSync(directory, { recursive: true })
  const json = (name, value) => writeFileSync(join(directory, name), JSON.stringify(value, null, 2))
  const value = configOf(family)
  json('config.json', value)
  json('tokenizer.json', tokenizer())
  json('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast', eos_token: '<|im_end|>' })
  json('generation_config.json', { eos_token_id: [idOf('<|im_end|>'), idOf('<|endoftext|>')] })
  json('preprocessor_config.json', {
    patch_size: 4,
    merge_size: 2,
    min_pixels: 256,
    max_pixels: 1024,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  })
  writeFileSync(join(directory, 'chat_template.jinja'), TEMPLATE)
  const config = parseModelConfig({ value, where: 'config.json' })
  const weights = newWeights({ config, initialization: { seed: 11 } })
  await saveWeights({ directory, config, weights })
  weights.dispose()
}

function configOf(family) {
  const isThird = family === 'qwen3_vl'
  return {
    model_type: family,
    architectures: [isThird ? 'Qwen3VLForConditionalGeneration' : 'Qwen2_5_VLForConditionalGeneration'],
    image_token_id: idOf('<|image_pad|>'),
    vision_start_token_id: idOf('<|vision_start|>'),
    vision_end_token_id: idOf('<|vision_end|>'),
    tie_word_embeddings: isThird,
    dtype: 'bfloat16',
    vision_config: {
      model_type: family,
      depth: 2,
      hidden_size: 32,
      intermediate_size: 48,
      num_heads: 2,
      out_hidden_size: 48,
      patch_size: 4,
      spatial_patch_size: 4,
      spatial_merge_size: 2,
      temporal_patch_size: 2,
      initializer_range: 0.2,
      ...(isThird
        ? { num_position_embeddings: 16, deepstack_visual_indexes: [0] }
        : { window_size: 16, fullatt_block_indexes: [1] }),
    },
    text_config: {
      model_type: `${family}_text`,
      hidden_size: 48,
      intermediate_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      ...(isThird && { head_dim: 16 }),
      vocab_size: BYTES + SPECIAL.length,
      max_position_embeddings: 4096,
      initializer_range: 0.2,
      tie_word_embeddings: isThird,
      rope_parameters: {
        mrope_section: isThird ? [4, 2, 2] : [2, 2, 2],
        rope_theta: 10_000,
        rope_type: 'default',
        ...(isThird && { mrope_interleaved: true }),
      },
    },
  }
}

/** A byte-level BPE without merges. */
function tokenizer() {
  const added = SPECIAL.map((content, at) => ({
    id: BYTES + at,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }))
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false }
  const vocab = Object.fromEntries(byteSymbols().map((symbol, byte) => [symbol, byte]))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: { type: 'NFC' },
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges: [],
    },
  }
}
