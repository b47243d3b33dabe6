import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises'
import type {
  FrozenPolicy,
  SampledLogprobs,
  TrainablePolicy,
  TrainingRollout,
} from '../../core/trainable-policy.js'
import { frozenWeights } from '../../models/weights/frozen-weights.js'
import { loadTraining } from '../../models/train/load-training.js'
import { microBatches } from '../../models/train/micro-batches.js'
import { saveTraining } from '../../models/train/save-training.js'
import { segmentLogprobs } from '../../models/train/segment-logprobs.js'
import type { Trainer } from '../../models/train/trainer.js'
import type { TrainingSegment } from '../../models/train/training-segment.js'
import type { TrainingState } from '../../models/train/training-state.js'
import { createConversationEncoder } from '../tokens/encode-conversation.js'
import { createProcessedImages } from '../tokens/processed-images.js'
import { toTrainingSegment } from '../tokens/to-training-segment.js'
import type { PolicyModel } from './load-policy-model.js'
import { createTfjsPolicy, type TfjsPolicy } from './tfjs-policy.js'
import { nextIdentity, weightsName } from './weights-name.js'

/** What processed images may hold. */
const IMAGE_BYTES = 2 ** 28

export interface TrainableTfjsPolicy extends TrainablePolicy {
  readonly tally: TfjsPolicy['tally']
  close(): Promise<void>
}

export interface TrainableTfjsPolicyParameters {
  /** Its weights are the trainer's. */
  opened: PolicyModel
  trainer: Trainer
  /** How the trainer was made. */
  settings: Pick<TrainingState, 'trains' | 'optimizer'>
  /** Rollouts are computed together up to so many tokens; a longer one alone. */
  tokensPerPart: number
  /** How checkpoints hold the weights. */
  savedType: 'F32' | 'BF16'
}

/**
 * A policy that samples from weights while they are trained. One thing at a time is computed: a step waits for the token that is being sampled, tokens wait until it is done, and are sampled
 * from the new weights then, a turn that was under way among them. The policy owns the trainer.
 */
export function createTrainableTfjsPolicy({
  opened: { parameters, folder, fingerprint, backend },
  trainer,
  settings,
  tokensPerPart,
  savedType,
}: TrainableTfjsPolicyParameters): TrainableTfjsPolicy {
  const model = { ...parameters.model, weights: trainer.weights }
  const { config, processor } = model
  const policy = createTfjsPolicy({ ...parameters, model })
  const encode = createConversationEncoder({ ...parameters, model })
  const process = createProcessedImages({ config: processor, bytes: IMAGE_BYTES })
  let identity = fingerprint
  let base = fingerprint

  /** Places of rollouts that are computed together; what has no sampled token teaches nothing. */
  const partsOf = (rollouts: readonly TrainingRollout[]): number[][] => {
    const places = [...rollouts.keys()].filter((at) =>
      rollouts[at]?.ledger.segments.some(({ mask }) => mask.includes(1)),
    )
    const lengths = places.map((at) => tokensOf(rollouts[at]))
    return microBatches({ lengths, maxTokens: tokensPerPart }).map((batch) =>
      batch.map((at) => places[at] ?? 0),
    )
  }

  const segmentsOf = (
    rollouts: readonly TrainingRollout[],
    part: readonly number[],
  ): Promise<TrainingSegment[]> => {
    const own = part.flatMap((at) => rollouts[at] ?? [])
    return Promise.all(own.map((rollout) => toTrainingSegment({ rollout, config: processor, process })))
  }

  const logprobsBy = async ({
    compute,
    rollouts,
    temperature = 1,
    signal,
  }: Parameters<TrainablePolicy['logprobs']>[0] & {
    compute: Trainer['logprobs']
  }): Promise<SampledLogprobs> => {
    const all = rollouts.map(() => new Float64Array())
    return policy.alone(async () => {
      for (const part of partsOf(rollouts)) {
        signal?.throwIfAborted()
        const segments = await segmentsOf(rollouts, part)
        const computed = await compute({ segments, temperature })
        part.forEach((at, own) => (all[at] = Float64Array.from(computed[own] ?? [])))
        await nextTurnOfTheLoop()
      }
      return all
    })
  }

  return {
    name: policy.name,
    get model() {
      return weightsName({ folder, base, steps: trainer.optimizer.steps, identity, backend })
    },
    get tally() {
      return policy.tally
    },
    next: policy.next,
    visualTokens: policy.visualTokens,
    ledgerOf: policy.ledgerOf,
    forget: policy.forget,
    encode: async (conversation) => encode(conversation),
    logprobs: (request) => logprobsBy({ ...request, compute: trainer.logprobs }),
    reference: () =>
      policy.alone(async (): Promise<FrozenPolicy> => {
        const weights = frozenWeights(trainer.weights)
        return {
          logprobs: (request) =>
            logprobsBy({ ...request, compute: (batch) => segmentLogprobs({ ...batch, config, weights }) }),
          dispose: () => policy.alone(async () => weights.dispose()),
        }
      }),
    async step({ rollouts, gradient, learningRate, maxGradientNorm, temperature = 1, signal }) {
      const parts = partsOf(rollouts)
      if (parts.length === 0) return { gradientNorm: 0 }
      return policy.alone(async () => {
        try {
          for (const part of parts) {
            signal?.throwIfAborted()
            const ask = (logprobs: readonly Float32Array[]): Float32Array[] =>
              gradient({ rollouts: part, logprobs: logprobs.map((own) => Float64Array.from(own)) }).map(
                (own) => Float32Array.from(own),
              )
            trainer.backward({ segments: await segmentsOf(rollouts, part), temperature, gradient: ask })
            await nextTurnOfTheLoop()
          }
          signal?.throwIfAborted()
        } catch (error) {
          trainer.discard()
          throw error
        }
        const { gradientNorm } = await trainer.update({
          learningRate,
          ...(maxGradientNorm !== undefined && { maxNorm: maxGradientNorm }),
        })
        const update = { learningRate, maxGradientNorm: maxGradientNorm ?? null, gradientNorm }
        identity = nextIdentity({ identity, update })
        policy.weightsChanged()
        return { gradientNorm }
      })
    },
    save: (directory) =>
      policy.alone(() => {
        const state = { version: 1 as const, steps: trainer.optimizer.steps, identity, base, ...settings }
        return saveTraining({ directory, model, trainer, state, type: savedType })
      }),
    load: (directory) =>
      policy.alone(async () => {
        const expected = { ...settings, base: fingerprint }
        const state = await loadTraining({ directory, config, trainer, expected })
        identity = state.identity
        base = state.base
        policy.weightsChanged()
      }),
    close: () =>
      policy.alone(async () => {
        await policy.close()
        trainer.dispose()
      }),
  }
}

function tokensOf(rollout: TrainingRollout | undefined): number {
  return rollout?.ledger.segments.reduce((sum, { ids }) => sum + ids.length, 0) ?? 0
}
