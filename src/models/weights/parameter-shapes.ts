import type { ModelConfig, TextConfig, VisionConfig } from '../config/model-config.js'

/** Every parameter of a model by its name in transformers 5, with its shape as checkpoints have it (linear layers: [out, in]), in the order in which they are computed with. */
export function parameterShapes(config: ModelConfig): Map<string, readonly number[]> {
  const { text, vision } = config
  return new Map([
    ...under('model.visual.', vision.windows === null ? qwen3Vision(vision) : qwen25Vision(vision)),
    ...under('model.language_model.', textShapes({ text, family: config.family })),
    ...(config.tiesEmbeddings ? [] : [named('lm_head.weight', text.vocabularySize, text.hiddenSize)]),
  ])
}

type Shape = readonly [name: string, shape: readonly number[]]

function named(name: string, ...shape: number[]): Shape {
  return [name, shape]
}

function under(prefix: string, shapes: readonly Shape[]): Shape[] {
  return shapes.map(([name, shape]) => [prefix + name, shape])
}

/** Weight and bias of a linear layer. */
function linear(name: string, out: number, from: number): Shape[] {
  return [named(`${name}.weight`, out, from), named(`${name}.bias`, out)]
}

function norm(name: string, size: number): Shape[] {
  return [named(`${name}.weight`, size), named(`${name}.bias`, size)]
}

function textShapes({ text, family }: { text: TextConfig; family: ModelConfig['family'] }): Shape[] {
  const { hiddenSize, headSize, intermediateSize } = text
  const queries = text.heads * headSize
  const shared = text.keyValueHeads * headSize
  const hasBias = family === 'qwen2_5_vl'
  const projection = (name: string, out: number): Shape[] =>
    hasBias ? linear(name, out, hiddenSize) : [named(`${name}.weight`, out, hiddenSize)]
  const layer: Shape[] = [
    named('input_layernorm.weight', hiddenSize),
    ...projection('self_attn.q_proj', queries),
    ...projection('self_attn.k_proj', shared),
    ...projection('self_attn.v_proj', shared),
    named('self_attn.o_proj.weight', hiddenSize, queries),
    ...(hasBias
      ? []
      : [named('self_attn.q_norm.weight', headSize), named('self_attn.k_norm.weight', headSize)]),
    named('post_attention_layernorm.weight', hiddenSize),
    named('mlp.gate_proj.weight', intermediateSize, hiddenSize),
    named('mlp.up_proj.weight', intermediateSize, hiddenSize),
    named('mlp.down_proj.weight', hiddenSize, intermediateSize),
  ]
  return [
    named('embed_tokens.weight', text.vocabularySize, hiddenSize),
    ...blocks({ prefix: 'layers.', count: text.layers, block: layer }),
    named('norm.weight', hiddenSize),
  ]
}

function blocks({
  prefix,
  count,
  block,
}: {
  prefix: string
  count: number
  block: readonly Shape[]
}): Shape[] {
  return Array.from({ length: count }, (_, at) => under(`${prefix}${at}.`, block)).flat()
}

function patchEmbedding({ hiddenSize, inChannels, temporalPatchSize, patchSize }: VisionConfig): Shape {
  return named('patch_embed.proj.weight', hiddenSize, inChannels, temporalPatchSize, patchSize, patchSize)
}

function qwen25Vision(vision: VisionConfig): Shape[] {
  const { hiddenSize, intermediateSize, outputSize } = vision
  const merged = hiddenSize * vision.mergeSize ** 2
  const block: Shape[] = [
    named('norm1.weight', hiddenSize),
    ...linear('attn.qkv', hiddenSize * 3, hiddenSize),
    ...linear('attn.proj', hiddenSize, hiddenSize),
    named('norm2.weight', hiddenSize),
    ...linear('mlp.gate_proj', intermediateSize, hiddenSize),
    ...linear('mlp.up_proj', intermediateSize, hiddenSize),
    ...linear('mlp.down_proj', hiddenSize, intermediateSize),
  ]
  return [
    patchEmbedding(vision),
    ...blocks({ prefix: 'blocks.', count: vision.depth, block }),
    named('merger.ln_q.weight', hiddenSize),
    ...linear('merger.mlp.0', merged, merged),
    ...linear('merger.mlp.2', outputSize, merged),
  ]
}

function qwen3Vision(vision: VisionConfig): Shape[] {
  const { hiddenSize, intermediateSize, outputSize } = vision
  const { side, deepStackBlocks } = vision.learnedPositions ?? { side: 1, deepStackBlocks: [] }
  const merged = hiddenSize * vision.mergeSize ** 2
  const merger = (normalised: number): Shape[] => [
    ...norm('norm', normalised),
    ...linear('linear_fc1', merged, merged),
    ...linear('linear_fc2', outputSize, merged),
  ]
  const block: Shape[] = [
    ...norm('norm1', hiddenSize),
    ...linear('attn.qkv', hiddenSize * 3, hiddenSize),
    ...linear('attn.proj', hiddenSize, hiddenSize),
    ...norm('norm2', hiddenSize),
    ...linear('mlp.linear_fc1', intermediateSize, hiddenSize),
    ...linear('mlp.linear_fc2', hiddenSize, intermediateSize),
  ]
  return [
    patchEmbedding(vision),
    named('patch_embed.proj.bias', hiddenSize),
    named('pos_embed.weight', side ** 2, hiddenSize),
    ...blocks({ prefix: 'blocks.', count: vision.depth, block }),
    ...under('merger.', merger(hiddenSize)),
    ...deepStackBlocks.flatMap((_, at) => under(`deepstack_merger_list.${at}.`, merger(merged))),
  ]
}
