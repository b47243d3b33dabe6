import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import type { ModelConfig, TextConfig, VisionConfig } from './model-config.js'

const whole = z.number().int().positive()
const sections = z.tuple([whole, whole, whole])
/** Layers of a part; no published model has a tenth of it. */
const depth = whole.max(1000)

const rope = z.object({
  mrope_section: sections.optional(),
  mrope_interleaved: z.boolean().optional(),
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  type: z.string().optional(),
})

const text = z.object({
  hidden_size: whole,
  intermediate_size: whole,
  num_hidden_layers: depth,
  num_attention_heads: whole,
  num_key_value_heads: whole.optional(),
  head_dim: whole.nullish(),
  vocab_size: whole,
  max_position_embeddings: whole.optional(),
  rms_norm_eps: z.number().positive().optional(),
  hidden_act: z.literal('silu').default('silu'),
  rope_theta: z.number().positive().optional(),
  rope_scaling: rope.nullish(),
  rope_parameters: rope.nullish(),
  use_sliding_window: z.literal(false).default(false),
  attention_bias: z.literal(false).default(false),
  initializer_range: z.number().positive().default(0.02),
  tie_word_embeddings: z.boolean().optional(),
})

const vision = z.object({
  depth,
  hidden_size: whole,
  intermediate_size: whole,
  num_heads: whole,
  out_hidden_size: whole,
  patch_size: whole,
  temporal_patch_size: whole.default(2),
  spatial_merge_size: whole.default(2),
  in_channels: whole.optional(),
  in_chans: whole.optional(),
  initializer_range: z.number().positive().default(0.02),
  hidden_act: z.string().optional(),
  rope_parameters: z.object({ rope_theta: z.number().positive().optional() }).nullish(),
  window_size: whole.optional(),
  fullatt_block_indexes: z.array(z.number().int().min(0)).optional(),
  num_position_embeddings: whole.optional(),
  deepstack_visual_indexes: z.array(z.number().int().min(0)).optional(),
})

const shared = z.object({
  model_type: z.enum(['qwen2_5_vl', 'qwen3_vl']),
  image_token_id: z.number().int().min(0),
  vision_start_token_id: z.number().int().min(0).optional(),
  tie_word_embeddings: z.boolean().optional(),
  vision_config: vision,
  text_config: text.optional(),
})

/**
 * Read `config.json` of a checkpoint. Both published layouts are read: the text's settings nested in `text_config` with `rope_parameters`, or flat at the top
 * with `rope_scaling`.
 * @throws UsageError when it is not there, or of no model that this engine computes.
 */
export async function readModelConfig(directory: string): Promise<ModelConfig> {
  const path = join(directory, 'config.json')
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new UsageError(
      `${path}: expected the configuration of a Hugging Face checkpoint; ${String(cause)}`,
      {
        cause,
      },
    )
  }
  return parseModelConfig({ value, where: path })
}

/** The same of a value that was read already. @throws UsageError naming `where`. */
export function parseModelConfig({ value, where }: { value: unknown; where: string }): ModelConfig {
  const top = check({ schema: shared, value, where })
  const texts = top.text_config ?? check({ schema: text, value, where })
  // What transformers wrote before version 5 stands in `text_config` alone, of Qwen2.5-VL beside a `false` above it.
  const above =
    top.model_type === 'qwen2_5_vl' ? top.tie_word_embeddings || undefined : top.tie_word_embeddings
  const tied = above ?? texts.tie_word_embeddings ?? false
  if (top.image_token_id >= texts.vocab_size)
    throw new UsageError(
      `${where}: expected \`image_token_id\` to be one of the vocabulary (\`vocab_size\` ${texts.vocab_size}), got ${top.image_token_id}`,
    )
  return {
    family: top.model_type,
    text: textConfig({ texts, where, family: top.model_type }),
    vision: visionConfig({ vision: top.vision_config, family: top.model_type, where }),
    tiesEmbeddings: tied,
    tokens: { imagePad: top.image_token_id, visionStart: top.vision_start_token_id ?? -1 },
  }
}

/** Of the feed-forward layers; the mergers have their own. */
const VISION_ACTIVATIONS = { qwen2_5_vl: 'silu', qwen3_vl: 'gelu_pytorch_tanh' } as const

/** What transformers takes where a configuration says nothing. */
const UNSAID = {
  qwen2_5_vl: { maxPositions: 32_768, normEpsilon: 1e-5, ropeTheta: 1e6, isRopeInterleaved: false },
  qwen3_vl: { maxPositions: 128_000, normEpsilon: 1e-6, ropeTheta: 5e5, isRopeInterleaved: true },
}

function textConfig({
  texts,
  where,
  family,
}: {
  texts: z.output<typeof text>
  where: string
  family: ModelConfig['family']
}): TextConfig {
  const unsaid = UNSAID[family]
  const rotary = { ...texts.rope_scaling, ...texts.rope_parameters }
  const headSize = texts.head_dim ?? texts.hidden_size / texts.num_attention_heads
  const ropeSections = rotary.mrope_section
  if (ropeSections === undefined)
    throw new UsageError(
      `${where}: expected \`mrope_section\` in rope_parameters (or rope_scaling), got none`,
    )
  const frequencies = ropeSections[0] + ropeSections[1] + ropeSections[2]
  if (frequencies * 2 !== headSize)
    throw new UsageError(
      `${where}: expected the sections of \`mrope_section\` to sum to half the head size (${headSize} / 2), got ${frequencies}`,
    )
  const kind = rotary.rope_type ?? rotary.type ?? 'default'
  if (!['default', 'mrope'].includes(kind))
    throw new UsageError(
      `${where}: expected rotary positions of the type \`default\`, got \`${kind}\`, which is not built in`,
    )
  const keyValueHeads = texts.num_key_value_heads ?? texts.num_attention_heads
  if (texts.num_attention_heads % keyValueHeads !== 0)
    throw new UsageError(
      `${where}: expected \`num_attention_heads\` (${texts.num_attention_heads}) to be a multiple of \`num_key_value_heads\`, got ${keyValueHeads}`,
    )
  return {
    hiddenSize: texts.hidden_size,
    intermediateSize: texts.intermediate_size,
    layers: texts.num_hidden_layers,
    heads: texts.num_attention_heads,
    keyValueHeads,
    headSize,
    vocabularySize: texts.vocab_size,
    maxPositions: texts.max_position_embeddings ?? unsaid.maxPositions,
    normEpsilon: texts.rms_norm_eps ?? unsaid.normEpsilon,
    ropeTheta: rotary.rope_theta ?? texts.rope_theta ?? unsaid.ropeTheta,
    ropeSections,
    isRopeInterleaved: rotary.mrope_interleaved ?? unsaid.isRopeInterleaved,
    initializerRange: texts.initializer_range,
  }
}

function visionConfig({
  vision: given,
  family,
  where,
}: {
  vision: z.output<typeof vision>
  family: ModelConfig['family']
  where: string
}): VisionConfig {
  const activation = VISION_ACTIVATIONS[family]
  if ((given.hidden_act ?? activation) !== activation)
    throw new UsageError(
      `${where}: expected a vision tower with the activation \`${activation}\`, got \`${given.hidden_act}\`, which is not built in`,
    )
  if (given.hidden_size % (4 * given.num_heads) !== 0)
    throw new UsageError(
      `${where}: expected the \`hidden_size\` of the vision tower to be a multiple of four times its \`num_heads\` (${given.num_heads}), since rows and columns turn a quarter of a head each, got ${given.hidden_size}`,
    )
  return {
    depth: given.depth,
    hiddenSize: given.hidden_size,
    intermediateSize: given.intermediate_size,
    heads: given.num_heads,
    outputSize: given.out_hidden_size,
    patchSize: given.patch_size,
    temporalPatchSize: given.temporal_patch_size,
    mergeSize: given.spatial_merge_size,
    ropeTheta: given.rope_parameters?.rope_theta ?? 10_000,
    inChannels: given.in_channels ?? given.in_chans ?? 3,
    initializerRange: given.initializer_range,
    windows:
      family === 'qwen2_5_vl'
        ? { size: given.window_size ?? 112, fullBlocks: given.fullatt_block_indexes ?? [7, 15, 23, 31] }
        : null,
    learnedPositions:
      family === 'qwen3_vl'
        ? {
            side: squareSide({ count: given.num_position_embeddings ?? 2304, where }),
            deepStackBlocks: given.deepstack_visual_indexes ?? [8, 16, 24],
          }
        : null,
  }
}

function squareSide({ count, where }: { count: number; where: string }): number {
  const side = Math.round(Math.sqrt(count))
  if (side * side === count) return side
  throw new UsageError(
    `${where}: expected \`num_position_embeddings\` to be the square of a whole number, got ${count}`,
  )
}

function check<Schema extends z.ZodType>({
  schema,
  value,
  where,
}: {
  schema: Schema
  value: unknown
  where: string
}): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new UsageError(
    `${where}: expected the configuration of Qwen2.5-VL or Qwen3-VL; ${z.prettifyError(result.error)}`,
  )
}
