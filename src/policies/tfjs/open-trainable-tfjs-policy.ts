import { ADAMW_DEFAULTS, type AdamWSettings } from '../../models/train/adamw.js'
import { helperCount } from '../../models/train/parallel/helper-count.js'
import { createParallelTrainer } from '../../models/train/parallel/parallel-trainer.js'
import { TOKENS_PER_PART } from '../../models/train/tokens-per-part.js'
import { trainingNeed } from '../../models/train/training-need.js'
import { trainerOf, TRAINS_ALL, type Trains } from '../../models/train/trains.js'
import { loadPolicyModel, type OpenTfjsPolicyParameters } from './load-policy-model.js'
import { createTrainableTfjsPolicy, type TrainableTfjsPolicy } from './trainable-tfjs-policy.js'

export interface OpenTrainableTfjsPolicyParameters extends OpenTfjsPolicyParameters {
  /** What is trained: parts of the model (default all), or adapters beside its layers. New adapters are drawn by `seed`. */
  trains?: Trains
  /** Of AdamW; default: betas 0.9 and 0.999, epsilon 1e-8, no weight decay. */
  optimizer?: Partial<AdamWSettings>
  /** Rollouts are computed together up to so many tokens in each thread; a longer one alone. Default 2048. */
  tokensPerPart?: number
  /** Threads on the backend `wasm` that train beside the one that asks; others use all cores by themselves. Default: one for each further core where the model is large enough to gain by it. */
  workers?: number
  /** How checkpoints hold the weights; with `BF16`, what goes on from them has its float32 beside. Default `F32`. */
  savedType?: 'F32' | 'BF16'
}

/**
 * Load a checkpoint onto a backend, to sample from it and to train it.
 * @throws UsageError when the folder is no checkpoint of a model that is built in, LoRA is to adapt a layer that there is not, or model and training do not fit into memory (before it is loaded, but for the copies of `workers`).
 */
export async function openTrainableTfjsPolicy({
  trains = TRAINS_ALL,
  optimizer: given = {},
  tokensPerPart = TOKENS_PER_PART,
  savedType = 'F32',
  workers,
  ...parameters
}: OpenTrainableTfjsPolicyParameters): Promise<TrainableTfjsPolicy> {
  const optimizer = { ...ADAMW_DEFAULTS, ...given }
  const opened = await loadPolicyModel({
    ...parameters,
    trainingBytes: (config) => trainingNeed({ config, trains }),
  })
  const { config, weights } = opened.parameters.model
  let helpers: number
  try {
    helpers = helperCount({ backend: opened.backend, config, trains, workers })
  } catch (error) {
    weights.dispose()
    throw error
  }
  const alone = trainerOf({ config, weights, trains, optimizer, seed: opened.parameters.seed })
  const trainer = await createParallelTrainer({ trainer: alone, config, helpers })
  return createTrainableTfjsPolicy({
    opened,
    trainer,
    settings: { trains, optimizer },
    tokensPerPart: tokensPerPart * (helpers + 1),
    savedType,
  })
}
