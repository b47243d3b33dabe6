import { getBackend } from '@tensorflow/tfjs-core'
import { loadedTfjsNode, TFJS_NODE_NAME } from '../backend/load-tfjs-node.js'
import type { ModelConfig } from '../config/model-config.js'
import { MOST_BYTES } from './decoder-memory.js'
import { decoderSizes } from './decoder-sizes.js'

/** Where more than this part of the addresses is the weights', too little is left for conversations. */
const MOST_WEIGHTS = 0.75

/** Bytes of a model's weights in a decoder on the backend that is open; null: it has none, for a GPU computes, or the weights leave no room for conversations. */
export function packedBytes(config: ModelConfig): number | null {
  const { weightBytes } = decoderSizes(config)
  return isOnCpu() && weightBytes < MOST_WEIGHTS * MOST_BYTES ? weightBytes : null
}

function isOnCpu(): boolean {
  const backend = getBackend()
  const isNative = backend === TFJS_NODE_NAME && loadedTfjsNode()?.isOnGpu === false
  return isNative || backend === 'wasm' || backend === 'cpu'
}
