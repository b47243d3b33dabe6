import { add, mean, mul, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core'
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
  const scale = rsqrt(add(mean(square(x), -1, true), epsilon))
  return mul(mul(x, scale), weights.get(`${name}.weight`))
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
  const centred = sub(x, mean(x, -1, true))
  const scale = rsqrt(add(mean(square(centred), -1, true), epsilon))
  return add(mul(mul(centred, scale), weights.get(`${name}.weight`)), weights.get(`${name}.bias`))
}
