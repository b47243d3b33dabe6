import { concat, dispose, keep, type Tensor3D } from '@tensorflow/tfjs-core'

/** Keys and values of the tokens so far, of one layer, sequence by sequence; each [tokens, keyValueHeads, headSize]. */
export interface LayerCache {
  /** Append those of new tokens; gives all of the sequence. The cache owns them. */
  extend(added: { sequence: number; keys: Tensor3D; values: Tensor3D }): { keys: Tensor3D; values: Tensor3D }
  dispose(): void
}

export function createLayerCache(): LayerCache {
  const held = new Map<number, { keys: Tensor3D; values: Tensor3D }>()
  return {
    extend({ sequence, keys, values }) {
      const before = held.get(sequence)
      const now =
        before === undefined
          ? { keys: keep(keys.clone()), values: keep(values.clone()) }
          : { keys: keep(concat([before.keys, keys], 0)), values: keep(concat([before.values, values], 0)) }
      if (before !== undefined) dispose([before.keys, before.values])
      held.set(sequence, now)
      return now
    },
    dispose() {
      for (const { keys, values } of held.values()) dispose([keys, values])
      held.clear()
    },
  }
}
