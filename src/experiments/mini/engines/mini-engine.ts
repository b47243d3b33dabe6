import type { EvaluationPolicy } from '../../../config/evaluation-config.js'
import type { TrainingModel } from '../../../config/training-schema.js'
import { UsageError } from '../../../core/errors.js'
import { TRAINS_ALL } from '../../../models/train/trains.js'

/** What computes a recipe: TensorFlow.js in this process, or PyTorch, on a GPU where there is one. */
export const MINI_ENGINES = ['tfjs', 'torch'] as const
export type MiniEngine = (typeof MINI_ENGINES)[number]

/** Tokens of rollouts, padding among them, that are trained at once: a step of the mini experiment in two parts. */
const BATCH_TOKENS = 16_384
/** Of no use where all weights are trained, or none. */
const LORA = { rank: 16, alpha: 32 }

/** The policy of an evaluation, on another engine: with the numbers that the shipped weights have on `tfjs`. */
export function policyOn({
  engine,
  policy,
}: {
  engine: MiniEngine
  policy: EvaluationPolicy
}): EvaluationPolicy {
  if (engine === 'tfjs' || policy.kind !== 'tfjs') return policy
  const { model, temperature, topP, topK, seed, concurrency } = policy
  return {
    kind: 'torch',
    ...{ model, temperature, topP, topK, seed, concurrency },
    ...{ device: 'auto', dtype: 'float32', train: 'none' },
    ...{ lora: LORA, freezeVision: true, checkpointing: false, batchTokens: BATCH_TOKENS },
  }
}

/**
 * The model of a configuration for GRPO, trained whole by the engine that was chosen.
 * @throws UsageError where the configuration says something that this engine cannot do alike.
 */
export function modelOn({ engine, model }: { engine: MiniEngine; model: TrainingModel }): TrainingModel {
  if (engine === model.kind) return model
  if (model.kind === 'torch')
    throw new UsageError(
      `model.kind: expected a model of the engine ${engine}, got torch; take --engine torch`,
    )
  if (JSON.stringify(model.trains) !== JSON.stringify(TRAINS_ALL))
    throw new UsageError(
      '--engine torch: expected a model that is trained whole (model.trains), got parts or adapters; name model.kind: torch and model.train in the configuration',
    )
  const { path, temperature, optimizer } = model
  return {
    kind: 'torch',
    ...{ path, temperature, optimizer },
    ...{ device: 'auto', dtype: 'float32', train: 'full', lora: LORA },
    ...{ freezeVision: false, checkpointing: false, batchTokens: BATCH_TOKENS },
  }
}
