import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * Parameters of a model by the names transformers 5 gives them. Matrices of linear layers lie as [in, out] (checkpoints: [out, in]), since a product that must transpose is slow on
 * some backends; the embedding lies as in checkpoints, [vocabulary, hidden].
 */
export interface ModelWeights {
  /** @throws RangeError when there is none of the name. */
  get(name: string): Tensor
  /** Null where there is none of the name, such as the bias of a layer without one, or an adapter where none was added. */
  find(name: string): Tensor | null
  /** What adapters add is multiplied by it; 1 where there are none. */
  readonly adapterScale: number
}

/** Parameters whose names begin with `prefix`. */
export function under({ weights, prefix }: { weights: ModelWeights; prefix: string }): ModelWeights {
  return {
    get: (name) => weights.get(prefix + name),
    find: (name) => weights.find(prefix + name),
    adapterScale: weights.adapterScale,
  }
}
