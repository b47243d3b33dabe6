import { keep, reshape, type Tensor } from '@tensorflow/tfjs-core'
import { heldWeights, type LoadedWeights } from './load-weights.js'

/** Weights that stay as they are now: they share their numbers with the others until those are given new ones. The caller disposes of them. */
export function frozenWeights(weights: LoadedWeights): LoadedWeights {
  // A reshaped tensor shares its numbers on every backend; a clone is a copy on some.
  const shared = (name: string): Tensor => keep(reshape(weights.get(name), weights.get(name).shape))
  const held = new Map(weights.names.map((name) => [name, shared(name)]))
  return heldWeights({ held, adapterScale: weights.adapterScale })
}
