import {
  add,
  customGrad,
  matMul,
  mul,
  reshape,
  softmax,
  sub,
  sum,
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
  const pairs = sequences * shared
  const asked: Tensor3D = reshape(byHead(queries), [pairs, (heads / shared) * tokens, size])
  const mixed = mix({
    asked,
    keys: reshape(byHead(keys), [pairs, count, size]),
    values: reshape(byHead(values), [pairs, count, size]),
    mask,
  })
  const perHead: Tensor4D = reshape(mixed, [sequences, heads, tokens, size])
  return reshape(byHead(perHead), [sequences * tokens, heads * size])
}

/** softmax(asked · keysᵀ / √size + mask) · values, [pairs, rows, size]; of what lies between, only the shares are kept for the gradient. */
function mix({
  asked,
  keys,
  values,
  mask,
}: {
  asked: Tensor3D
  keys: Tensor3D
  values: Tensor3D
  mask: Tensor2D | null
}): Tensor3D {
  const [pairs, rows, size] = asked.shape
  const count = keys.shape[1]
  const scale = 1 / Math.sqrt(size)
  const mixed = customGrad((...given) => {
    const [q, k, v, save] = given as [Tensor3D, Tensor3D, Tensor3D, (saved: Tensor[]) => void]
    // Scaled here, where there are fewer numbers than scores.
    const scores = matMul(mul(q, scale), k, false, true)
    const masked: Tensor =
      mask === null
        ? scores
        : add(reshape(scores, [(pairs * rows) / mask.shape[0], mask.shape[0], count]), mask)
    const shares: Tensor3D = reshape(softmax(masked), [pairs, rows, count])
    save([q, k, v, shares])
    return { value: matMul(shares, v), gradFunc: (dy, saved) => mixSlopes({ dy, saved, scale }) }
  })
  return mixed(asked, keys, values) as Tensor3D
}

function mixSlopes({ dy, saved, scale }: { dy: Tensor; saved: Tensor[]; scale: number }): Tensor[] {
  const [asked, keys, values, shares] = saved as [Tensor3D, Tensor3D, Tensor3D, Tensor3D]
  const weighed = mul(matMul(dy, values, false, true), shares)
  const scores = sub(weighed, mul(shares, sum(weighed, -1, true)))
  return [
    mul(matMul(scores, keys), scale),
    mul(matMul(scores, asked, true, false), scale),
    matMul(shares, dy, true, false),
  ]
}

/** Heads before tokens, or the other way round. */
function byHead(x: Tensor4D): Tensor4D {
  // Nothing moves where there is one of either.
  return x.shape[1] === 1 || x.shape[2] === 1
    ? reshape(x, [x.shape[0], x.shape[2], x.shape[1], x.shape[3]])
    : transpose(x, [0, 2, 1, 3])
}
