import { add, matMul, type Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelWeights } from '../weights/model-weights.js'

/** x · W (+ b): [rows, in] to [rows, out]. */
export function linear({ x, weights, name }: { x: Tensor2D; weights: ModelWeights; name: string }): Tensor2D {
  const product: Tensor2D = matMul(x, weights.get(`${name}.weight`) as Tensor2D)
  const bias = weights.find(`${name}.bias`)
  return bias === null ? product : add(product, bias)
}
