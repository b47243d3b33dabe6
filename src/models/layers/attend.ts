import {
  add,
  matMul,
  mul,
  reshape,
  softmax,
  transpose,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'

/**
 * Attention of grouped queries within equally long sequences: queries [sequences, tokens, heads, size], keys and values [sequences, keys, keyValueHeads, size], `mask` [tokens, keys] added to the scores of
 * each sequence (null: every token sees every key). Gives [sequences × tokens, heads × size]. The queries that share a head of keys are stacked below each other, so that keys are never copied.
 */
export function attend({
  queries,
  keys,
  values,
  mask,
}: {
  queries: Tensor4D
  keys: Tensor4D
  values: Tensor4D
  mask: Tensor2D | null
}): Tensor2D {
  const [sequences, tokens, heads, size] = queries.shape
  const [, count, shared] = keys.shape
  const groups = heads / shared
  const pairs = sequences * shared
  // Scaled here, where there are fewer numbers than scores.
  const scaled: Tensor4D = mul(queries, 1 / Math.sqrt(size))
  const asked = reshape(byHead(scaled), [pairs, groups * tokens, size])
  const scores = matMul(asked, reshape(byHead(keys), [pairs, count, size]), false, true)
  const masked: Tensor =
    mask === null ? scores : add(reshape(scores, [sequences * heads, tokens, count]), mask)
  const shares: Tensor3D = reshape(softmax(masked), [pairs, groups * tokens, count])
  const mixed = matMul(shares, reshape(byHead(values), [pairs, count, size]))
  const perHead: Tensor4D = reshape(mixed, [sequences, heads, tokens, size])
  return reshape(byHead(perHead), [sequences * tokens, heads * size])
}

/** Heads before tokens, or the other way round. */
function byHead(x: Tensor4D): Tensor4D {
  // Nothing moves where there is one of either.
  return x.shape[1] === 1 || x.shape[2] === 1
    ? reshape(x, [x.shape[0], x.shape[2], x.shape[1], x.shape[3]])
    : transpose(x, [0, 2, 1, 3])
}
