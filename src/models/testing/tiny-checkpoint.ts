import { byteSymbols } from '../tokenizer/byte-symbols.js'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clone, tensor, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'
import { parseModelConfig } from '../config/read-config.js'
import type { ModelFamily } from '../config/model-config.js'
import { heldWeights } from '../weights/load-weights.js'
import { newWeights } from '../weights/new-weights.js'
import { saveWeights } from '../weights/save-weights.js'

/** Calls that the tiny model knows as one token each: two that run, one that fails. */
export const KNOWN_CALLS = [
  call('result = image.rotate(90, expand=True)'),
  call('result = image.crop((0, 0, 40, 30))'),
  call('result = imge'),
]

/** The template of {@link writeTinyCheckpoint}: Hermes, as Qwen2.5 writes it, with tools in the system message where they are given. */
export const TINY_TEMPLATE = `{%- if tools %}{{- '<|im_start|>system\\n' }}{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n' }}{%- endif %}{{- 'Tools:' }}{%- for tool in tools %}{{- ' ' + tool.function.name }}{%- endfor %}{{- '<|im_end|>\\n' }}{%- elif messages[0].role == 'system' %}{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}{%- endif %}
{%- for message in messages %}{%- if message.role != 'system' %}{{- '<|im_start|>' + ('user' if message.role == 'tool' else message.role) + '\\n' }}{%- if message.role == 'tool' %}{{- '<tool_response>\\n' }}{%- endif %}
{%- if message.content is string %}{{- message.content }}{%- else %}{%- for part in message.content %}{%- if part.type == 'image' %}{{- '<|vision_start|><|image_pad|><|vision_end|>' }}{%- else %}{{- part.text }}{%- endif %}{%- endfor %}{%- endif %}
{%- if message.role == 'tool' %}{{- '\\n</tool_response>' }}{%- endif %}{{- '<|im_end|>\\n' }}{%- endif %}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`

const SPECIAL = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '<|image_pad|>',
]
const BYTES = 256
const VOCABULARY = BYTES + SPECIAL.length + KNOWN_CALLS.length
const IDS = new Map(SPECIAL.map((token, at) => [token, BYTES + at]))
/** What leans towards a token is as large as this constant part of every embedding. */
const CONSTANT = 6
/** How much likelier than others: calls, the end of a turn, the answer's letters. */
const LEANING = 1.4

/**
 * Write a checkpoint of random weights whose turns are sometimes calls: bytes and a few whole calls are its tokens, and its scores lean to calls and to the end of a turn. Everything about
 * it is computed as in a large one.
 */
export async function writeTinyCheckpoint({
  directory,
  family = 'qwen3_vl',
  seed = 7,
  contextTokens = 4096,
  template = TINY_TEMPLATE,
}: {
  directory: string
  family?: ModelFamily
  seed?: number
  contextTokens?: number
  template?: string
}): Promise<void> {
  await mkdir(directory, { recursive: true })
  const json = (name: string, value: unknown): Promise<void> =>
    writeFile(join(directory, name), JSON.stringify(value))
  const value = configOf({ family, contextTokens })
  await json('config.json', value)
  await json('tokenizer.json', tokenizer())
  await json('tokenizer_config.json', { tokenizer_class: 'Qwen2Tokenizer', eos_token: '<|im_end|>' })
  await json('generation_config.json', { eos_token_id: [id('<|im_end|>'), id('<|endoftext|>')] })
  await json('preprocessor_config.json', {
    patch_size: 4,
    merge_size: 2,
    min_pixels: 256,
    max_pixels: 1024,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  })
  await writeFile(join(directory, 'chat_template.jinja'), template)
  const config = parseModelConfig({ value, where: 'config.json' })
  const drawn = newWeights({ config, initialization: { seed } })
  const weights = heldWeights({
    held: new Map(drawn.names.map((name) => [name, leaning(name, drawn.get(name))])),
  })
  await saveWeights({ directory, config, weights })
  weights.dispose()
  drawn.dispose()
}

function id(token: string): number {
  return IDS.get(token) ?? 0
}

function call(code: string): string {
  return `<tool_call>${JSON.stringify({ name: 'code_image_tool', arguments: { code, description: 'look', image_index: 0 } })}</tool_call>`
}

/** A constant first number in every embedding survives the layers, and so the head's first row leans to the tokens that it is large for. */
function leaning(name: string, held: Tensor): Tensor {
  if (name === 'lm_head.weight') {
    const favoured = new Set([id('<|im_end|>'), ...KNOWN_CALLS.map((_, at) => BYTES + SPECIAL.length + at)])
    const row = Float32Array.from({ length: VOCABULARY }, (_, token) => (favoured.has(token) ? LEANING : 0))
    return replaceFirst({ held: held as Tensor2D, axis: 0, values: row })
  }
  if (!name.endsWith('embed_tokens.weight')) return clone(held)
  return replaceFirst({
    held: held as Tensor2D,
    axis: 1,
    values: new Float32Array(VOCABULARY).fill(CONSTANT),
  })
}

function replaceFirst({ held, axis, values }: { held: Tensor2D; axis: 0 | 1; values: Float32Array }): Tensor {
  const [rows, columns] = held.shape
  const all = held.dataSync().slice() as Float32Array
  for (const [at, value] of values.entries()) all[axis === 0 ? at : at * columns] = value
  return tensor(all, [rows, columns])
}

function configOf({ family, contextTokens }: { family: ModelFamily; contextTokens: number }): object {
  const isThird = family === 'qwen3_vl'
  return {
    model_type: family,
    image_token_id: id('<|image_pad|>'),
    vision_start_token_id: id('<|vision_start|>'),
    tie_word_embeddings: false,
    vision_config: {
      depth: 2,
      hidden_size: 16,
      intermediate_size: 24,
      num_heads: 2,
      out_hidden_size: 24,
      patch_size: 4,
      initializer_range: 0.2,
      ...(isThird
        ? { num_position_embeddings: 9, deepstack_visual_indexes: [0] }
        : { window_size: 16, fullatt_block_indexes: [1] }),
    },
    text_config: {
      hidden_size: 24,
      intermediate_size: 40,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      ...(isThird && { head_dim: 8 }),
      vocab_size: VOCABULARY,
      max_position_embeddings: contextTokens,
      initializer_range: 0.2,
      rope_parameters: {
        mrope_section: isThird ? [2, 1, 1] : [1, 1, 1],
        rope_theta: 10_000,
        rope_type: 'default',
      },
    },
  }
}

/** A byte-level BPE without merges: each byte is a token, and so are the special ones and the calls. */
function tokenizer(): object {
  const vocabulary = Object.fromEntries(byteSymbols().map((symbol, byte) => [symbol, byte]))
  const added = [...SPECIAL, ...KNOWN_CALLS].map((content, at) => ({
    id: BYTES + at,
    content,
    special: at < SPECIAL.length,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: { type: 'BPE', dropout: null, unk_token: null, vocab: vocabulary, merges: [] },
  }
}
