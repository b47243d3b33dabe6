import { join } from 'node:path'
import { openBackend, type BackendName } from '../../models/backend/open-backend.js'
import { openModel } from '../../models/open-model.js'
import { ADAMW_DEFAULTS } from '../../models/train/adamw.js'
import type { LossGradient } from '../../models/train/loss-gradient.js'
import { microBatches } from '../../models/train/micro-batches.js'
import { helperCount } from '../../models/train/parallel/helper-count.js'
import { createParallelTrainer } from '../../models/train/parallel/parallel-trainer.js'
import { TOKENS_PER_PART } from '../../models/train/tokens-per-part.js'
import { createTrainer, type Trainer } from '../../models/train/trainer.js'
import { TRAINS_ALL } from '../../models/train/trains.js'
import { openBatchSource, type BatchSource } from './drawing/batch-source.js'
import { openThreadedBatches } from './drawing/threaded-batches.js'
import { learningRateAt } from './learning-rate.js'
import { measureSamples, type TurnAccuracy } from './measure-samples.js'
import type { MiniStageConfig } from './mini-config.js'
import { MINI_TASKS, type MiniTaskName, type TurnKind } from './mini-sample.js'
import { mixtureAt } from './mixture-at.js'
import type { EncodedSample } from './sample-encoder.js'
import { openStageCheckpoint } from './stage-checkpoint.js'
import { writeMiniCheckpoint } from './write-mini-checkpoint.js'

/** What a stage tells while it runs. */
export type StageEvent =
  | { readonly type: 'opened'; readonly backend: BackendName; readonly step: number }
  | ({ readonly type: 'step' } & StepFigures)
  | {
      readonly type: 'measured'
      readonly step: number
      readonly task: MiniTaskName
      readonly accuracies: ReadonlyMap<TurnKind, TurnAccuracy>
    }
  | { readonly type: 'saved'; readonly step: number; readonly directory: string }

export interface StepFigures {
  /** Steps that are done. */
  readonly step: number
  /** Mean of −log p over all learned tokens. */
  readonly loss: number
  /** The same by task. */
  readonly losses: ReadonlyMap<MiniTaskName, number>
  readonly gradientNorm: number
  readonly learningRate: number
  readonly tokens: number
  /** Waited for samples; those that a thread draws ahead are there. */
  readonly drawMs: number
  readonly trainMs: number
}

/**
 * Train a stage of the mini experiment: cross-entropy of the learned tokens, mean over each sample's and then over the samples, so that shares of the mixture are shares of the loss, AdamW. Deviations from the paper's cold start (section 3): the whole model is trained, from new
 * weights in the base stage; learning rate and batch are those of a small model.
 * @param parameters.folder its `checkpoint` is written every `saveEvery` steps and at the end; where it is there already, training goes on from it
 */
export async function trainStage({
  config,
  folder,
  drawing = 'thread',
  onEvent,
  signal,
}: {
  config: MiniStageConfig
  folder: string
  /** Where samples are drawn: in a thread, those of a step while the one before it is learned, or where they are learned. */
  drawing?: 'thread' | 'inline'
  /** It is waited for. */
  onEvent: (event: StageEvent) => void | Promise<void>
  /** Stops after the step that is running; what was done is saved. */
  signal?: AbortSignal
}): Promise<void> {
  const backend = await openBackend(config.backend)
  const start = join(folder, 'start')
  if (config.from === undefined)
    await writeMiniCheckpoint({ directory: start, shape: config.shape, seed: config.seed })
  const model = await openModel(config.from ?? start)
  const optimizer = { ...ADAMW_DEFAULTS, weightDecay: config.weightDecay }
  const helpers = helperCount({ backend, config: model.config, trains: TRAINS_ALL })
  const trainer = await createParallelTrainer({
    trainer: createTrainer({ ...model, optimizer }),
    config: model.config,
    helpers,
  })
  // Of other backends memory is not bounded by a heap for each thread.
  const maxTokens = backend === 'wasm' ? TOKENS_PER_PART * (helpers + 1) : Infinity
  const directory = join(folder, 'checkpoint')
  const checkpoint = await openStageCheckpoint({ directory, model, trainer, optimizer })
  const save = async (step: number): Promise<void> => {
    await checkpoint.save()
    await onEvent({ type: 'saved', step, directory })
  }
  const from = { config, directory: model.directory }
  let source: BatchSource | undefined
  try {
    source = drawing === 'thread' ? openThreadedBatches(from) : await openBatchSource(from)
    const first = checkpoint.isThere ? await checkpoint.resume() : 0
    await onEvent({ type: 'opened', backend, step: first })
    let step = first
    while (step < config.steps && signal?.aborted !== true) {
      await onEvent({ type: 'step', ...(await trainStep({ config, trainer, source, step, maxTokens })) })
      step++
      if (step % config.measureEvery === 0 || step === config.steps)
        for (const task of MINI_TASKS) {
          if ((mixtureAt({ ...config, step: step - 1 })[task] ?? 0) === 0) continue
          const accuracies = await measureSamples({
            samples: await source.held({ task, count: config.measured }),
            samplesAtOnce: config.samplesAtOnce,
            config: model.config,
            weights: trainer.weights,
          })
          await onEvent({ type: 'measured', step, task, accuracies })
        }
      if (step % config.saveEvery === 0 && step < config.steps) await save(step)
    }
    if (step > first) await save(step)
  } finally {
    await source?.close()
    trainer.dispose()
  }
}

async function trainStep({
  config,
  trainer,
  source,
  step,
  maxTokens,
}: {
  config: MiniStageConfig
  trainer: Trainer
  source: BatchSource
  step: number
  /** Of samples that are computed at a time. */
  maxTokens: number
}): Promise<StepFigures> {
  const began = performance.now()
  const samples = await source.batch(step)
  const drawn = performance.now()
  const count = samples.reduce((sum, { segment }) => sum + learnedCount(segment.mask), 0)
  const tally = new Map<MiniTaskName, { sum: number; count: number }>()
  const lengths = samples.map(({ segment }) => segment.ids.length)
  for (const places of microBatches({ lengths, maxTokens, maxCount: config.samplesAtOnce })) {
    const part = places.flatMap((at) => samples[at] ?? [])
    const gradient: LossGradient = (logprobs) =>
      logprobs.map((own) => own.map(() => -1 / (own.length * samples.length)))
    const logprobs = trainer.backward({ segments: part.map(({ segment }) => segment), gradient })
    addLosses({ tally, part, logprobs })
  }
  const { learningRate: highest, warmupSteps, finalShare, steps } = config
  const learningRate = learningRateAt({ step, steps, highest, warmupSteps, finalShare })
  const { gradientNorm } = await trainer.update({ learningRate, maxNorm: config.maxGradientNorm })
  return {
    step: step + 1,
    loss: [...tally.values()].reduce((sum, own) => sum + own.sum, 0) / count,
    losses: new Map([...tally].map(([task, own]) => [task, own.sum / own.count])),
    gradientNorm,
    learningRate,
    tokens: samples.reduce((sum, { segment }) => sum + segment.ids.length, 0),
    drawMs: drawn - began,
    trainMs: performance.now() - drawn,
  }
}

function addLosses({
  tally,
  part,
  logprobs,
}: {
  tally: Map<MiniTaskName, { sum: number; count: number }>
  part: readonly EncodedSample[]
  logprobs: readonly Float32Array[]
}): void {
  for (const [at, { task }] of part.entries()) {
    const own = tally.get(task) ?? { sum: 0, count: 0 }
    for (const logprob of logprobs[at] ?? []) own.sum -= logprob
    own.count += logprobs[at]?.length ?? 0
    tally.set(task, own)
  }
}

function learnedCount(mask: Uint8Array): number {
  return mask.reduce((sum, one) => sum + one, 0)
}
