import { DataError, UsageError } from '../core/errors.js'
import type { TrainablePolicy, TrainingRollout } from '../core/trainable-policy.js'
import type { BatchAggregation } from '../core/training-choices.js'
import type { Run } from '../store/run.js'
import { dataOrder } from './data-order.js'
import { learningRateFactor, type Schedule } from './learning-rate.js'
import { trainLoop, type TrainingResult, type TrainLoopParameters } from './loop/train-loop.js'
import { batchWeights } from './losses/batch-weights.js'
import { crossEntropy } from './losses/cross-entropy.js'
import type { Figures } from './metrics/step-metrics.js'
import { mean } from '../core/mean.js'
import { tokenCounts } from './rollouts/sampled-tokens.js'
import type { TrainingExamples } from './training-examples.js'

/*
 * Supervised fine-tuning on curated conversations (paper, section 3): the cold start. What is different from the paper and its release, and why:
 *
 * - The batch is one batch: how it is cut into parts is the policy's affair. The release accumulates over micro-batches of 4 and averages their means, which weighs tokens of
 *   short conversations more; `aggregation: micro-batch-token-mean` does that, the default is the mean over all trained tokens of the batch.
 * - The token that ends a turn is learned, or the model would not stop.
 * - The last batch of a pass may be smaller; nothing is left out.
 * - A conversation longer than the model reads is an error, and none is cut: what is cut off may be the answer. The release cuts at 32,768 tokens.
 * - All parts of the model learn where a configuration does not say otherwise (`model.trains`; of `torch` without the vision tower), since the paper freezes none that it names. The release freezes vision tower and
 *   projector, and so does configs/train/sft-paper.yaml.
 */

export interface SftSettings {
  seed: number
  /** Conversations of a step (paper: 128). */
  batch: number
  totalSteps: number
  learningRate: number
  schedule: Omit<Schedule, 'totalSteps'>
  aggregation: BatchAggregation
  /** Conversations of a micro-batch, for `micro-batch-token-mean`. */
  microBatch: number
  maxGradientNorm: number
}

export interface TrainSftParameters extends Pick<
  TrainLoopParameters,
  'stopAfter' | 'checkpoints' | 'interrupts' | 'onEvent'
> {
  run: Run
  policy: TrainablePolicy
  examples: TrainingExamples
  settings: SftSettings
  /** Conversations that are not learned from: their loss is measured before the first step, every so many steps, and after the last. */
  heldOut?: { examples: TrainingExamples; every: number } | undefined
}

/**
 * Let a policy learn what an assistant wrote in conversations; what it was given (questions, results, images) is not learned.
 * @throws DataError for a conversation that the policy cannot learn from; TrainingError when numbers are no longer finite; see {@link trainLoop}.
 */
export async function trainSft(parameters: TrainSftParameters): Promise<TrainingResult> {
  const { examples, settings, heldOut } = parameters
  const { seed, batch, totalSteps } = settings
  return trainLoop({
    ...parameters,
    kind: 'sft',
    seed,
    data: examples.sha256,
    order: dataOrder({ count: examples.count, batchSize: batch, seed, rest: 'keep' }),
    totalSteps,
    takeStep: (step) => takeStep({ ...step, parameters }),
    evaluation: heldOut && {
      every: heldOut.every,
      measure: ({ signal, onProgress }) =>
        measureLoss({ examples: heldOut.examples, parameters, signal, onProgress }),
    },
  })
}

async function takeStep({
  step,
  items,
  signal,
  parameters,
}: {
  step: number
  items: readonly number[]
  signal: AbortSignal
  parameters: TrainSftParameters
}): Promise<Figures> {
  const { policy, settings, examples, onEvent = () => undefined } = parameters
  onEvent({ type: 'progress', step: step + 1, phase: 'update', done: 0, of: items.length })
  const started = performance.now()
  const rollouts = await encodeAll({ places: items, examples, policy, signal })
  const encodeSeconds = (performance.now() - started) / 1000

  const counts = rollouts.map(({ ledger }) => tokenCounts(ledger))
  const { aggregation: mode, microBatch, schedule, totalSteps, maxGradientNorm } = settings
  const weights = batchWeights({ lengths: counts.map(({ sampled }) => sampled), mode, microBatch })
  const factor = learningRateFactor({ step, schedule: { ...schedule, totalSteps } })
  const learningRate = settings.learningRate * factor
  let [loss, surprise, done] = [0, 0, 0]
  const { gradientNorm } = await policy.step({
    rollouts,
    gradient: ({ rollouts: places, logprobs }) =>
      places.map((place, index) => {
        const own = crossEntropy({ logprobs: logprobs[index] ?? [], weight: weights[place] ?? Number.NaN })
        loss += own.value
        surprise += own.surprise
        done++
        onEvent({ type: 'progress', step: step + 1, phase: 'update', done, of: items.length })
        return own.derivative
      }),
    learningRate,
    maxGradientNorm,
    signal,
  })
  const trained = counts.reduce((sum, { sampled }) => sum + sampled, 0)
  const all = counts.reduce((sum, count) => sum + count.all, 0)
  const seconds = (performance.now() - started) / 1000
  return {
    loss,
    'loss/token': surprise / trained,
    gradientNorm,
    learningRate,
    'tokens/trained': trained,
    'tokens/conversation': all / counts.length,
    'tokens/longest': Math.max(...counts.map((count) => count.all)),
    'tokens/perSecond': all / seconds,
    'seconds/encode': encodeSeconds,
    'seconds/train': seconds - encodeSeconds,
  }
}

/** Mean surprise of a token of conversations that are not learned from, in nats. */
async function measureLoss({
  examples,
  parameters: { policy, settings },
  signal,
  onProgress,
}: {
  examples: TrainingExamples
  parameters: TrainSftParameters
  signal: AbortSignal
  onProgress: (done: number, of: number) => void
}): Promise<Figures> {
  let [surprise, tokens] = [0, 0]
  const perConversation: number[] = []
  for (let first = 0; first < examples.count; first += settings.batch) {
    signal.throwIfAborted()
    onProgress(first, examples.count)
    const places = Array.from(
      { length: Math.min(settings.batch, examples.count - first) },
      (_, at) => first + at,
    )
    const rollouts = await encodeAll({ places, examples, policy, signal })
    for (const row of await policy.logprobs({ rollouts, signal })) {
      const total = row.reduce((sum, logprob) => sum - logprob, 0)
      surprise += total
      tokens += row.length
      perConversation.push(total / row.length)
    }
  }
  return { loss: surprise / tokens, lossPerConversation: mean(perConversation) }
}

/** One after the other: images are decoded for each, and memory is for the step. */
async function encodeAll({
  places,
  examples,
  policy,
  signal,
}: {
  places: readonly number[]
  examples: TrainingExamples
  policy: TrainablePolicy
  signal: AbortSignal
}): Promise<TrainingRollout[]> {
  const rollouts: TrainingRollout[] = []
  for (const place of places) {
    signal.throwIfAborted()
    rollouts.push(await encodeOne({ place, examples, policy }))
  }
  return rollouts
}

/** @throws DataError that names the conversation which cannot be used. */
async function encodeOne({
  place,
  examples,
  policy,
}: {
  place: number
  examples: TrainingExamples
  policy: TrainablePolicy
}): Promise<TrainingRollout> {
  try {
    return await policy.encode(await examples.read(place))
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    throw new DataError(
      `conversation ${examples.nameOf(place)}: ${cause.message}; put back what the training began with and resume it, or leave it out or mend it, with which a training begins anew`,
      { cause },
    )
  }
}
