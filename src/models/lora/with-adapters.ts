import { tensor2d, zeros, type Tensor } from '@tensorflow/tfjs-core'
import { uniformStream } from '../../core/uniform-stream.js'
import type { ModelConfig } from '../config/model-config.js'
import { heldWeights, type LoadedWeights } from '../weights/load-weights.js'
import { adaptedLayers } from './adapted-layers.js'
import type { LoraSettings } from './lora-settings.js'

/**
 * A model with new adapters beside the layers that they are added to: A [in, rank] is drawn evenly from ±1/√in (Kaiming with a = √5, as PEFT begins), B [rank, out] is zero, so that at first nothing
 * changes. The result takes the weights over.
 * @throws UsageError when a target names no layer.
 */
export function withAdapters({
  weights,
  config,
  lora: { rank, alpha, targets },
  seed,
}: {
  weights: LoadedWeights
  config: ModelConfig
  lora: LoraSettings
  /** Same seed, same numbers, on every backend. */
  seed: number
}): LoadedWeights {
  const layers = adaptedLayers({ targets, config })
  const held = new Map<string, Tensor>(weights.names.map((name) => [name, weights.take(name)]))
  for (const { name, in: from, out } of layers) {
    const [a, b] = adapterNames(name)
    const uniform = uniformStream(`${seed}/${name}`)
    const bound = 1 / Math.sqrt(from)
    const drawn = Float32Array.from({ length: from * rank }, () => bound * (2 * uniform() - 1))
    held.set(a, tensor2d(drawn, [from, rank]))
    held.set(b, zeros([rank, out]))
  }
  return heldWeights({ held, adapterScale: alpha / rank })
}

/** Names of the two matrices of a layer's adapter. */
export function adapterNames(layer: string): [a: string, b: string] {
  return [`${layer}.lora_A.weight`, `${layer}.lora_B.weight`]
}

/** Whether a parameter belongs to an adapter. */
export function isAdapter(name: string): boolean {
  return /\.lora_[AB]\.weight$/.test(name)
}
