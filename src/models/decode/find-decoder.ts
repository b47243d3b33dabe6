import type { ModelConfig } from '../config/model-config.js'
import type { ModelWeights } from '../weights/model-weights.js'
import { createDecoder, type Decoder } from './decoder.js'
import { packedBytes } from './packed-bytes.js'

const decoders = new WeakMap<ModelWeights, Decoder>()

/** The decoder of a model, one for its weights; null where it has none (see {@link packedBytes}): then tokens are written by tensor operations. */
export function findDecoder({
  config,
  weights,
}: {
  config: ModelConfig
  weights: ModelWeights
}): Decoder | null {
  if (packedBytes(config) === null) return null
  const found = decoders.get(weights)
  if (found !== undefined) return found
  const made = createDecoder({ config, weights })
  decoders.set(weights, made)
  return made
}
