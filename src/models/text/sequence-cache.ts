import { concat, dispose, keep, type Tensor3D } from '@tensorflow/tfjs-core'

interface KeysAndValues {
  readonly keys: Tensor3D
  readonly values: Tensor3D
}

/** Keys and values of the tokens of one sequence so far, layer by layer, each [tokens, keyValueHeads, headSize]; so a conversation goes on without computing what was there. */
export interface SequenceCache {
  /** Append those of new tokens; gives all. The cache owns what it gives. */
  extend(added: KeysAndValues & { layer: number }): KeysAndValues
  dispose(): void
}

export function createSequenceCache(): SequenceCache {
  const layers: KeysAndValues[] = []
  return {
    extend({ layer, keys, values }) {
      const before = layers[layer]
      const now =
        before === undefined
          ? { keys: keep(keys.clone()), values: keep(values.clone()) }
          : {
              keys: keep(concat([before.keys, keys], 0)),
              values: keep(concat([before.values, values], 0)),
            }
      if (before !== undefined) dispose([before.keys, before.values])
      layers[layer] = now
      return now
    },
    dispose() {
      for (const { keys, values } of layers) dispose([keys, values])
      layers.length = 0
    },
  }
}
