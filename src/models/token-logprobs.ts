import {
  gather,
  logSoftmax,
  mul,
  reshape,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core'
import type { ModelConfig } from './config/model-config.js'
import { logitsOf } from './run-model.js'
import type { ModelWeights } from './weights/model-weights.js'

/**
 * Natural logarithms of the probabilities of `targets`, each predicted from the hidden state of the row beside it in `rows`: [targets]. Scores are computed for those rows only, and divided by
 * the temperature. Call it within `tidy`.
 */
export function tokenLogprobs({
  hidden,
  rows,
  targets,
  config,
  weights,
  temperature = 1,
}: {
  hidden: Tensor2D
  rows: Int32Array
  targets: Int32Array
  config: ModelConfig
  weights: ModelWeights
  temperature?: number
}): Tensor1D {
  const chosen: Tensor2D = gather(hidden, tensor1d(rows, 'int32'))
  const logits = logitsOf({ hidden: chosen, config, weights })
  const logprobs = logSoftmax(temperature === 1 ? logits : mul<Tensor2D>(logits, 1 / temperature))
  const { vocabularySize } = config.text
  const places = targets.map((target, row) => row * vocabularySize + target)
  return gather(reshape(logprobs, [rows.length * vocabularySize]), tensor1d(places, 'int32'))
}
