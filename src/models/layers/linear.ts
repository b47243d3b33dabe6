import { add, matMul, mul, type Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelWeights } from '../weights/model-weights.js'

/** x · W (+ b), and where the layer has an adapter (LoRA) + x · A · B · scale: [rows, in] to [rows, out]. */
export function linear({ x, weights, name }: { x: Tensor2D; weights: ModelWeights; name: string }): Tensor2D {
  const product: Tensor2D = matMul(x, weights.get(`${name}.weight`) as Tensor2D)
  const bias = weights.find(`${name}.bias`)
  const [a, b] = [weights.find(`${name}.lora_A.weight`), weights.find(`${name}.lora_B.weight`)]
  const base = bias === null ? product : add(product, bias)
  if (a === null || b === null) return base as Tensor2D
  return add(base, mul(matMul(matMul(x, a as Tensor2D), b as Tensor2D), weights.adapterScale))
}
