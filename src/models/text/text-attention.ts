import {
  concat,
  gather,
  reshape,
  slice,
  split,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import { attend } from '../layers/attend.js'
import type { GroupPlan, SequencePlan } from './plan-attention.js'

/** What tokens ask, and what they are found by: [rows, heads or keyValueHeads, headSize] each. */
export interface Asked {
  readonly queries: Tensor3D
  readonly keys: Tensor3D
  readonly values: Tensor3D
}

/** Attention of sequences one by one, each over its earlier tokens too: [rows, heads × headSize]. */
export function attendApart({
  asked: { queries, keys, values },
  sequences,
  layer,
}: {
  asked: Asked
  sequences: readonly SequencePlan[]
  layer: number
}): Tensor2D {
  const mixed = sequences.map(({ first, length, mask, cache }) => {
    const take = (x: Tensor3D): Tensor3D =>
      length === x.shape[0] ? x : slice(x, [first, 0, 0], [length, x.shape[1], x.shape[2]])
    const own = { keys: take(keys), values: take(values) }
    const seen = cache?.extend({ layer, ...own }) ?? own
    return attend({
      queries: alone(take(queries)),
      keys: alone(seen.keys),
      values: alone(seen.values),
      mask,
    })
  })
  return below(mixed)
}

/** Attention of whole sequences, group by group: [rows, heads × headSize]. */
export function attendTogether({
  asked: { queries, keys, values },
  groups,
  back,
}: {
  asked: Asked
  groups: readonly GroupPlan[]
  back: Parameters<typeof gather>[1] | null
}): Tensor2D {
  const [, heads, size] = queries.shape
  const [, shared] = keys.shape
  const all = back === null ? null : (concat([queries, keys, values], 1) as Tensor3D)
  const mixed = groups.map(({ count, length, rows, mask }) => {
    const whole = (x: Tensor3D): Tensor4D => reshape(x, [count, length, x.shape[1], size])
    if (all === null || rows === null)
      return attend({ queries: whole(queries), keys: whole(keys), values: whole(values), mask })
    const own = split(gather(all, rows), [heads, shared, shared], 1) as [Tensor3D, Tensor3D, Tensor3D]
    return attend({ queries: whole(own[0]), keys: whole(own[1]), values: whole(own[2]), mask })
  })
  const placed = below(mixed)
  return back === null ? placed : gather(placed, back)
}

function alone(x: Tensor3D): Tensor4D {
  return reshape(x, [1, ...x.shape])
}

function below(parts: readonly Tensor2D[]): Tensor2D {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : concat([...parts], 0)
}
