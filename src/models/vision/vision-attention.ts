import { concat, reshape, slice, type Tensor2D, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core'
import { attendWithin } from '../layers/attend.js'
import { linear } from '../layers/linear.js'
import { rotate, type RotaryTables } from '../layers/rotary.js'
import type { ModelWeights } from '../weights/model-weights.js'

/** Rows that attend to each other: `count` runs of `length` rows, run after run. */
export interface AttentionRuns {
  readonly count: number
  readonly length: number
}

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
  const projected = linear({ x, weights, name: 'attn.qkv' })
  const part = (at: number): Tensor3D =>
    reshape(slice(projected, [0, at * hidden], [patches, hidden]), [patches, heads, size])
  const queries = rotate({ x: part(0), tables: rotary })
  const keys = rotate({ x: part(1), tables: rotary })
  const values = part(2)
  let start = 0
  const mixed = runs.map(({ count, length }) => {
    const first = start
    start += count * length
    const own = (all: Tensor3D): Tensor4D =>
      reshape(slice(all, [first, 0, 0], [count * length, heads, size]), [count, length, heads, size])
    return attendWithin({ queries: own(queries), keys: own(keys), values: own(values) })
  })
  const [only] = mixed
  return linear({
    x: mixed.length === 1 && only !== undefined ? only : concat(mixed, 0),
    weights,
    name: 'attn.proj',
  })
}
