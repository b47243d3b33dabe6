import { gather, logSoftmax, reshape, tensor1d, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'
import type { ModelConfig } from './config/model-config.js'
import { logitsOf } from './run-model.js'
import type { ModelWeights } from './weights/model-weights.js'

/**
 * Natural logarithms of the probabilities of `targets`, each predicted from the hidden state of the row beside it in `rows`: [targets]. Scores are computed for those rows only. Call it within
 * `tidy`.
 */
export function tokenLogprobs({
  hidden,
  rows,
  targets,
  config,
  weights,
}: {
  hidden: Tensor2D
  rows: Int32Array
  targets: Int32Array
  config: ModelConfig
  weights: ModelWeights
}): Tensor1D {
  const chosen: Tensor2D = gather(hidden, tensor1d(rows, 'int32'))
  const logprobs = logSoftmax(logitsOf({ hidden: chosen, config, weights }))
  const { vocabularySize } = config.text
  const places = targets.map((target, row) => row * vocabularySize + target)
  return gather(reshape(logprobs, [rows.length * vocabularySize]), tensor1d(places, 'int32'))
}
