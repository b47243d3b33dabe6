import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { VisionConfig } from '../config/model-config.js'
import type { ModelWeights } from '../weights/model-weights.js'
import type { PatchGrid } from './patch-order.js'
import { qwen25Vision } from './qwen25-vision.js'
import { qwen3Vision, type VisionOutput } from './qwen3-vision.js'

/** Visual tokens of one image by the tower that the configuration describes. */
export function runVision(image: {
  patches: Tensor2D
  grid: PatchGrid
  config: VisionConfig
  weights: ModelWeights
}): VisionOutput {
  return image.config.windows === null ? qwen3Vision(image) : { tokens: qwen25Vision(image), deepStack: [] }
}
