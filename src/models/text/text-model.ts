import { add, concat, reshape, split, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core'
import type { TextConfig } from '../config/model-config.js'
import { swiglu } from '../layers/activations.js'
import { linear } from '../layers/linear.js'
import { rmsNorm } from '../layers/norms.js'
import { rotate, type RotaryTables } from '../layers/rotary.js'
import { under, type ModelWeights } from '../weights/model-weights.js'
import type { AttentionPlan } from './plan-attention.js'
import { attendApart, attendTogether } from './text-attention.js'

/** What the layers of the text see besides the hidden states. */
export interface TextContext {
  readonly config: TextConfig
  readonly weights: ModelWeights
  /** Of the rows' positions. */
  readonly rotary: RotaryTables
  /** Where each sequence lies among the rows, and what is kept of its earlier tokens. */
  readonly attention: AttentionPlan
  /** What DeepStack adds to the rows after each of the first layers, [rows, hiddenSize], zero where no image is. */
  readonly deepStack: readonly Tensor2D[]
}

/**
 * The decoder: hidden states in, hidden states out, both [rows, hiddenSize]. Rows are the tokens of all sequences one below the other, without padding; only attention looks at
 * sequences one by one.
 */
export function runTextLayers({ hidden, context }: { hidden: Tensor2D; context: TextContext }): Tensor2D {
  let x = hidden
  for (let layer = 0; layer < context.config.layers; layer++) {
    x = runLayer({ x, layer, context })
    const extra = context.deepStack[layer]
    if (extra !== undefined) x = add(x, extra)
  }
  const { weights, config } = context
  return rmsNorm({ x, weights, name: 'model.language_model.norm', epsilon: config.normEpsilon })
}

function runLayer({ x, layer, context }: { x: Tensor2D; layer: number; context: TextContext }): Tensor2D {
  const { config } = context
  const weights = under({ weights: context.weights, prefix: `model.language_model.layers.${layer}.` })
  const norm = (input: Tensor2D, name: string): Tensor2D =>
    rmsNorm({ x: input, weights, name, epsilon: config.normEpsilon })
  const attended = add<Tensor2D>(x, attention({ x: norm(x, 'input_layernorm'), weights, layer, context }))
  return add(attended, feedForward({ x: norm(attended, 'post_attention_layernorm'), weights }))
}

/** SwiGLU. */
function feedForward({ x, weights }: { x: Tensor2D; weights: ModelWeights }): Tensor2D {
  const gate = linear({ x, weights, name: 'mlp.gate_proj' })
  const up = linear({ x, weights, name: 'mlp.up_proj' })
  return linear({ x: swiglu({ gate, up }), weights, name: 'mlp.down_proj' })
}

function attention({
  x,
  weights,
  layer,
  context: { config, rotary, attention: plan },
}: {
  x: Tensor2D
  weights: ModelWeights
  layer: number
  context: TextContext
}): Tensor2D {
  const { heads, keyValueHeads, headSize, normEpsilon } = config
  const project = (name: 'q' | 'k' | 'v', count: number): Tensor3D => {
    const projected = linear({ x, weights, name: `self_attn.${name}_proj` })
    return reshape(projected, [x.shape[0], count, headSize])
  }
  const normed = (name: 'q' | 'k', count: number): Tensor3D => {
    const norm = `self_attn.${name}_norm`
    const projected = project(name, count)
    // Only Qwen3 has it.
    if (weights.find(`${norm}.weight`) === null) return projected
    return rmsNorm({ x: projected, weights, name: norm, epsilon: normEpsilon })
  }
  const turned = rotate({
    x: concat([normed('q', heads), normed('k', keyValueHeads)], 1),
    tables: rotary,
  })
  const [queries, keys] = split(turned, [heads, keyValueHeads], 1) as [Tensor3D, Tensor3D]
  const asked = { queries, keys, values: project('v', keyValueHeads) }
  const mixed =
    plan.kind === 'apart'
      ? attendApart({ asked, sequences: plan.sequences, layer })
      : attendTogether({ asked, groups: plan.groups, back: plan.back })
  return linear({ x: mixed, weights, name: 'self_attn.o_proj' })
}
