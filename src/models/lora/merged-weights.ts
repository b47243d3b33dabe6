import { add, matMul, mul, type Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelWeights } from '../weights/model-weights.js'
import { adapterNames, isAdapter } from './with-adapters.js'

const WEIGHT = '.weight'

/** The same model without adapters: W + A · B · scale stands where an adapter was. A merged matrix is made anew each time it is asked for: ask within `tidy`. */
export function mergedWeights(weights: ModelWeights): ModelWeights {
  const find: ModelWeights['find'] = (name) => {
    if (isAdapter(name)) return null
    const base = weights.find(name)
    if (base === null || !name.endsWith(WEIGHT)) return base
    const [a, b] = adapterNames(name.slice(0, -WEIGHT.length)).map((own) => weights.find(own))
    if (a == null || b == null) return base
    return add(base, mul(matMul(a as Tensor2D, b as Tensor2D), weights.adapterScale))
  }
  return {
    find,
    get: (name) => find(name) ?? weights.get(name),
    adapterScale: 1,
  }
}
