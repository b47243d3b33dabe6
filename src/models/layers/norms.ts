import {
  add,
  customGrad,
  mean,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core'
import { reduceTo } from '../gradients/reduce-to.js'
import type { ModelWeights } from '../weights/model-weights.js'

/** x / √(mean of squares over the last axis + ε) · weight. */
export function rmsNorm<Shaped extends Tensor>({
  x,
  weights,
  name,
  epsilon,
}: {
  x: Shaped
  weights: ModelWeights
  name: string
  epsilon: number
}): Shaped {
  const normalise = customGrad((...given) => {
    const [rows, weight, save] = given as [Tensor2D, Tensor1D, (saved: Tensor[]) => void]
    const scale = rsqrt(add(mean(square(rows), -1, true), epsilon))
    save([rows, weight, scale])
    return { value: mul(mul(rows, scale), weight), gradFunc: rmsSlopes }
  })
  return reshape(normalise(inRows(x), weights.get(`${name}.weight`)), x.shape) as Shaped
}

/** With g = dy · weight: s · g − x · s³ · mean(g · x), and for the weight the sum over rows of dy · x · s. */
function rmsSlopes(dy: Tensor, saved: Tensor[]): Tensor[] {
  const [x, weight, scale] = saved as [Tensor2D, Tensor1D, Tensor2D]
  const g = mul(dy, weight)
  const pull = mul(mean(mul(g, x), -1, true), mul(scale, square(scale)))
  return [sub(mul(g, scale), mul(x, pull)), reduceTo({ dy: mul(dy, mul(x, scale)), shape: weight.shape })]
}

/** (x − mean) / √(variance + ε) · weight + bias, over the last axis. */
export function layerNorm<Shaped extends Tensor>({
  x,
  weights,
  name,
  epsilon,
}: {
  x: Shaped
  weights: ModelWeights
  name: string
  epsilon: number
}): Shaped {
  const normalise = customGrad((...given) => {
    const [rows, weight, bias, save] = given as [Tensor2D, Tensor1D, Tensor1D, (saved: Tensor[]) => void]
    const centred = sub(rows, mean(rows, -1, true))
    const scale = rsqrt(add(mean(square(centred), -1, true), epsilon))
    const normed = mul(centred, scale)
    save([normed, weight, scale])
    return { value: add(mul(normed, weight), bias), gradFunc: layerSlopes }
  })
  const [weight, bias] = [weights.get(`${name}.weight`), weights.get(`${name}.bias`)]
  return reshape(normalise(inRows(x), weight, bias), x.shape) as Shaped
}

/** With n the normed rows and g = dy · weight: s · (g − mean(g) − n · mean(g · n)). */
function layerSlopes(dy: Tensor, saved: Tensor[]): Tensor[] {
  const [normed, weight, scale] = saved as [Tensor2D, Tensor1D, Tensor2D]
  const g = mul(dy, weight)
  const pull = mul(normed, mean(mul(g, normed), -1, true))
  return [
    mul(scale, sub(sub(g, mean(g, -1, true)), pull)),
    reduceTo({ dy: mul(dy, normed), shape: weight.shape }),
    reduceTo({ dy, shape: weight.shape }),
  ]
}

/** Rows of the last axis: slopes of weights are sums over rows, which are products then. */
function inRows(x: Tensor): Tensor2D {
  return x.rank === 2 ? (x as Tensor2D) : reshape(x, [-1, x.shape.at(-1) ?? 1])
}
