import { getBackend } from '@tensorflow/tfjs-core'
import { loadedTfjsNode, TFJS_NODE_NAME } from '../backend/load-tfjs-node.js'
import type { ModelConfig } from '../config/model-config.js'
import type { ModelWeights } from '../weights/model-weights.js'
import { createDecoder, type Decoder } from './decoder.js'
import { MOST_BYTES } from './decoder-memory.js'
import { decoderSizes } from './decoder-sizes.js'

/** Where more than this part of the addresses is the weights', too little is left for conversations. */
const MOST_WEIGHTS = 0.75

const decoders = new WeakMap<ModelWeights, Decoder | null>()

/** The decoder of a model, one for its weights; null where a GPU computes, or the weights leave no room for conversations: then tokens are written by tensor operations. */
export function findDecoder({
  config,
  weights,
}: {
  config: ModelConfig
  weights: ModelWeights
}): Decoder | null {
  if (!isOnCpu()) return null
  let found = decoders.get(weights)
  if (found === undefined) {
    const fits = decoderSizes(config).weightBytes < MOST_WEIGHTS * MOST_BYTES
    found = fits ? createDecoder({ config, weights }) : null
    decoders.set(weights, found)
  }
  return found
}

function isOnCpu(): boolean {
  const backend = getBackend()
  return (
    backend === 'wasm' ||
    backend === 'cpu' ||
    (backend === TFJS_NODE_NAME && loadedTfjsNode()?.isOnGpu === false)
  )
}
