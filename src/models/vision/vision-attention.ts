import {
  concat,
  reshape,
  slice,
  split,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import { attend } from '../layers/attend.js'
import { linear } from '../layers/linear.js'
import { rotate, type RotaryTables } from '../layers/rotary.js'
import type { ModelWeights } from '../weights/model-weights.js'
import type { AttentionRuns } from './attention-runs.js'

/** Self-attention of patches [patches, hidden] within runs of rows. */
export function visionAttention({
  x,
  weights,
  heads,
  rotary,
  runs,
}: {
  x: Tensor2D
  weights: ModelWeights
  heads: number
  rotary: RotaryTables
  runs: readonly AttentionRuns[]
}): Tensor2D {
  const [patches, hidden] = x.shape
  const size = hidden / heads
  const projected: Tensor3D = reshape(linear({ x, weights, name: 'attn.qkv' }), [patches, 3 * heads, size])
  const [asked, values] = split(projected, [2 * heads, heads], 1) as [Tensor3D, Tensor3D]
  const [queries, keys] = split(rotate({ x: asked, tables: rotary }), 2, 1) as [Tensor3D, Tensor3D]
  let start = 0
  const mixed = runs.map(({ count, length }) => {
    const first = start
    start += count * length
    const own = (all: Tensor3D): Tensor4D => {
      const rows = runs.length === 1 ? all : slice(all, [first, 0, 0], [count * length, heads, size])
      return reshape(rows, [count, length, heads, size])
    }
    return attend({ queries: own(queries), keys: own(keys), values: own(values), mask: null })
  })
  const [only] = mixed
  return linear({
    x: mixed.length === 1 && only !== undefined ? only : concat(mixed, 0),
    weights,
    name: 'attn.proj',
  })
}
