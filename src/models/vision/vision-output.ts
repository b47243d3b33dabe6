import type { Tensor2D } from '@tensorflow/tfjs-core'

/** Visual tokens of images, one image below the other, [tokens, outputSize], and what DeepStack adds at the first layers of the text, each of the same shape. */
export interface VisionOutput {
  readonly tokens: Tensor2D
  readonly deepStack: readonly Tensor2D[]
}
