import { add, concat, mul, reshape, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core'
import type { TextConfig } from '../config/model-config.js'
import { silu } from '../layers/activations.js'
import { attend } from '../layers/attend.js'
import { linear } from '../layers/linear.js'
import { rmsNorm } from '../layers/norms.js'
import { rotate, type RotaryTables } from '../layers/rotary.js'
import { under, type ModelWeights } from '../weights/model-weights.js'
import type { SequenceCache } from './sequence-cache.js'
import type { SequenceRows } from './sequence-rows.js'

/** What the layers of the text see besides the hidden states. */
export interface TextContext {
  readonly config: TextConfig
  readonly weights: ModelWeights
  /** Of the rows' positions. */
  readonly rotary: RotaryTables
  /** Where each sequence lies among the rows. */
  readonly sequences: readonly SequenceRows[]
  /** Keys and values of the earlier tokens of each sequence; null: there are none and none are kept. */
  readonly caches: readonly (SequenceCache | null)[]
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
  const gate = silu(linear({ x, weights, name: 'mlp.gate_proj' }))
  return linear({ x: mul(gate, linear({ x, weights, name: 'mlp.up_proj' })), weights, name: 'mlp.down_proj' })
}

function attention({
  x,
  weights,
  layer,
  context: { config, rotary, sequences, caches },
}: {
  x: Tensor2D
  weights: ModelWeights
  layer: number
  context: TextContext
}): Tensor2D {
  const rows = x.shape[0]
  const project = (name: 'q' | 'k' | 'v', heads: number): Tensor3D => {
    const projected: Tensor3D = reshape(linear({ x, weights, name: `self_attn.${name}_proj` }), [
      rows,
      heads,
      config.headSize,
    ])
    if (name === 'v') return projected
    const norm = `self_attn.${name}_norm`
    // Only Qwen3 has it.
    const hasNorm = weights.find(`${norm}.weight`) !== null
    const normed = hasNorm
      ? rmsNorm({ x: projected, weights, name: norm, epsilon: config.normEpsilon })
      : projected
    return rotate({ x: normed, tables: rotary })
  }
  const queries = project('q', config.heads)
  const keys = project('k', config.keyValueHeads)
  const values = project('v', config.keyValueHeads)
  const mixed = sequences.map((sequence, at) => {
    const own = { queries: sequence.take(queries), keys: sequence.take(keys), values: sequence.take(values) }
    const seen = caches[at]?.extend({ layer, keys: own.keys, values: own.values }) ?? own
    return attend({ queries: own.queries, keys: seen.keys, values: seen.values, mask: sequence.mask })
  })
  const [only] = mixed
  const all = mixed.length === 1 && only !== undefined ? only : concat(mixed, 0)
  return linear({ x: all, weights, name: 'self_attn.o_proj' })
}
