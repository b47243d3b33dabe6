import { z } from 'zod'
import { specialId, tokenCount } from './mini-tokenizer.js'

const count = z.number().int().positive()

/** Sizes of the model, which has the shape of Qwen3-VL. */
export const shapeSchema = z.strictObject({
  layers: count.default(4),
  hidden: count.default(192),
  heads: count.default(6),
  keyValueHeads: count.default(2),
  intermediate: count.default(384),
  visionDepth: count.default(3),
  visionHidden: count.default(128),
  visionHeads: count.default(4),
  visionIntermediate: count.default(256),
  patch: count.default(16),
  /** Blocks of the vision tower whose output is added to the first layers of the text. */
  deepStack: z.array(z.number().int().min(0)).default([1]),
  /** Side of the table of learned positions; best that of a view in patches. */
  positions: count.default(8),
  contextTokens: count.default(2048),
})

export type MiniShape = Readonly<z.output<typeof shapeSchema>>

const HEAD_SIZE = 32
/** Of the 16 rotary frequencies of a head: those of time, height and width. */
const SECTIONS = [6, 5, 5]

/** `config.json` of the model. */
export function configJson(shape: MiniShape): object {
  return {
    architectures: ['Qwen3VLForConditionalGeneration'],
    model_type: 'qwen3_vl',
    image_token_id: specialId('<|image_pad|>'),
    vision_start_token_id: specialId('<|vision_start|>'),
    vision_end_token_id: specialId('<|vision_end|>'),
    tie_word_embeddings: true,
    vision_config: {
      model_type: 'qwen3_vl',
      depth: shape.visionDepth,
      hidden_size: shape.visionHidden,
      hidden_act: 'gelu_pytorch_tanh',
      intermediate_size: shape.visionIntermediate,
      num_heads: shape.visionHeads,
      in_channels: 3,
      out_hidden_size: shape.hidden,
      patch_size: shape.patch,
      spatial_merge_size: 2,
      temporal_patch_size: 2,
      num_position_embeddings: shape.positions ** 2,
      deepstack_visual_indexes: shape.deepStack,
      initializer_range: 0.02,
    },
    text_config: {
      model_type: 'qwen3_vl_text',
      vocab_size: tokenCount(),
      hidden_size: shape.hidden,
      intermediate_size: shape.intermediate,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      num_key_value_heads: shape.keyValueHeads,
      head_dim: HEAD_SIZE,
      hidden_act: 'silu',
      max_position_embeddings: shape.contextTokens,
      rms_norm_eps: 1e-6,
      initializer_range: 0.02,
      tie_word_embeddings: true,
      rope_parameters: {
        rope_type: 'default',
        rope_theta: 10_000,
        mrope_section: SECTIONS,
        mrope_interleaved: true,
      },
    },
  }
}
