import {
  add,
  matMul,
  mul,
  reshape,
  softmax,
  transpose,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'

/**
 * Attention of grouped queries over one sequence: queries [tokens, heads, size], keys and values [keys, keyValueHeads, size], `mask` [tokens, keys] added to the scores (null: every
 * token sees every key). Gives [tokens, heads × size]. The queries that share a head of keys are stacked below each other, so that keys are never copied.
 */
export function attend({
  queries,
  keys,
  values,
  mask,
}: {
  queries: Tensor3D
  keys: Tensor3D
  values: Tensor3D
  mask: Tensor2D | null
}): Tensor2D {
  const [tokens, heads, size] = queries.shape
  const [count, shared] = keys.shape
  const groups = heads / shared
  const byHead = reshape(transpose(queries, [1, 0, 2]), [shared, groups * tokens, size])
  const keysByHead = transpose(keys, [1, 0, 2])
  const scores = mul(matMul(byHead, keysByHead, false, true), 1 / Math.sqrt(size))
  const masked =
    mask === null
      ? scores
      : reshape(add(reshape(scores, [shared, groups, tokens, count]), mask), [shared, groups * tokens, count])
  const mixed = matMul(softmax(masked), transpose(values, [1, 0, 2])) as Tensor3D
  const perHead = reshape(mixed, [heads, tokens, size]) as Tensor3D
  return reshape(transpose(perHead, [1, 0, 2]), [tokens, heads * size])
}

/** The same without groups over many equally long sequences that see nothing of each other, all of [sequences, tokens, heads, size]; gives [sequences × tokens, heads × size]. */
export function attendWithin({
  queries,
  keys,
  values,
}: {
  queries: Tensor4D
  keys: Tensor4D
  values: Tensor4D
}): Tensor2D {
  const [sequences, tokens, heads, size] = queries.shape
  const flat = (x: Tensor4D): Tensor3D =>
    reshape(transpose(x, [0, 2, 1, 3]), [sequences * heads, tokens, size])
  const scores = mul(matMul(flat(queries), flat(keys), false, true), 1 / Math.sqrt(size))
  const mixed = matMul(softmax(scores), flat(values))
  const perHead = reshape(mixed, [sequences, heads, tokens, size])
  return reshape(transpose(perHead, [0, 2, 1, 3]), [sequences * tokens, heads * size])
}
