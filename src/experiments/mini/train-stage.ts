import { join } from 'node:path'
import { closeAfter } from '../../core/close-after.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { microBatches } from '../../models/train/micro-batches.js'
import { crossEntropy } from '../../training/losses/cross-entropy.js'
import { openBatchSource, type BatchSource } from './drawing/batch-source.js'
import { openThreadedBatches } from './drawing/threaded-batches.js'
import type { OpenStageEngine, StageEngine } from './engines/stage-engine.js'
import { tfjsStageEngine } from './engines/tfjs-stage-engine.js'
import { learningRateAt } from './learning-rate.js'
import { measureSamples, type TurnAccuracy } from './measure-samples.js'
import type { MiniStageConfig } from './mini-config.js'
import { MINI_TASKS, type MiniTaskName, type TurnKind } from './mini-sample.js'
import { mixtureAt } from './mixture-at.js'
import type { EncodedSample } from './sample-encoder.js'
import { writeMiniCheckpoint } from './write-mini-checkpoint.js'

/** What a stage tells while it runs. */
export type StageEvent =
  | { readonly type: 'opened'; readonly engine: string; readonly step: number }
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
  openEngine = tfjsStageEngine(config.backend),
  drawing = 'thread',
  onEvent,
  signal,
}: {
  config: MiniStageConfig
  folder: string
  openEngine?: OpenStageEngine
  /** Where samples are drawn: in a thread, those of a step while the one before it is learned, or where they are learned. */
  drawing?: 'thread' | 'inline'
  /** It is waited for. */
  onEvent: (event: StageEvent) => void | Promise<void>
  /** Stops after the step that is running; what was done is saved. */
  signal?: AbortSignal
}): Promise<void> {
  const start = join(folder, 'start')
  if (config.from === undefined) {
    // Weights are drawn and written there; whatever is to train them comes after.
    await openBackend('cpu')
    await writeMiniCheckpoint({ directory: start, shape: config.shape, seed: config.seed })
  }
  const from = config.from ?? start
  const directory = join(folder, 'checkpoint')
  const engine = await openEngine({ from, checkpoint: directory, weightDecay: config.weightDecay })
  const save = async (step: number): Promise<void> => {
    await engine.save()
    await onEvent({ type: 'saved', step, directory })
  }
  const setup = { config, directory: from }
  let source: BatchSource | undefined
  try {
    source = drawing === 'thread' ? openThreadedBatches(setup) : await openBatchSource(setup)
    const first = await engine.resume()
    await onEvent({ type: 'opened', engine: engine.name, step: first })
    let step = first
    while (step < config.steps && signal?.aborted !== true) {
      await onEvent({ type: 'step', ...(await trainStep({ config, engine, source, step })) })
      step++
      if (step % config.measureEvery === 0 || step === config.steps)
        for (const task of MINI_TASKS) {
          if ((mixtureAt({ ...config, step: step - 1 })[task] ?? 0) === 0) continue
          const accuracies = await measureSamples({
            samples: await source.held({ task, count: config.measured }),
            samplesAtOnce: config.samplesAtOnce,
            matches: (segments) => engine.matches(segments),
          })
          await onEvent({ type: 'measured', step, task, accuracies })
        }
      if (step % config.saveEvery === 0 && step < config.steps) await save(step)
    }
    if (step > first) await save(step)
  } finally {
    await closeAfter({ work: async () => source?.close(), close: [() => engine.close()] })
  }
}

async function trainStep({
  config,
  engine,
  source,
  step,
}: {
  config: MiniStageConfig
  engine: StageEngine
  source: BatchSource
  step: number
}): Promise<StepFigures> {
  const began = performance.now()
  const samples = await source.batch(step)
  const drawn = performance.now()
  const count = samples.reduce((sum, { segment }) => sum + learnedCount(segment.mask), 0)
  const tally = new Map<MiniTaskName, { sum: number; count: number }>()
  const lengths = samples.map(({ segment }) => segment.ids.length)
  const { mostTokens: maxTokens } = engine
  for (const places of microBatches({ lengths, maxTokens, maxCount: config.samplesAtOnce })) {
    const part = places.flatMap((at) => samples[at] ?? [])
    const logprobs = await engine.backward({
      segments: part.map(({ segment }) => segment),
      gradient: (given) =>
        given.map((own) =>
          Float32Array.from(
            crossEntropy({ logprobs: own, weight: 1 / (own.length * samples.length) }).derivative,
          ),
        ),
    })
    addLosses({ tally, part, logprobs })
  }
  const { learningRate: highest, warmupSteps, finalShare, steps } = config
  const learningRate = learningRateAt({ step, steps, highest, warmupSteps, finalShare })
  const { gradientNorm } = await engine.update({ learningRate, maxNorm: config.maxGradientNorm })
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
  logprobs: readonly ArrayLike<number>[]
}): void {
  for (const [at, { task }] of part.entries()) {
    const own = tally.get(task) ?? { sum: 0, count: 0 }
    for (const logprob of Array.from(logprobs[at] ?? [])) own.sum -= logprob
    own.count += logprobs[at]?.length ?? 0
    tally.set(task, own)
  }
}

function learnedCount(mask: Uint8Array): number {
  return mask.reduce((sum, one) => sum + one, 0)
}
