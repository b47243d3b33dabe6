import { join } from 'node:path'
import { CodeVisionError, StoreError, TrainingError, UsageError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { addSuppressed } from '../../core/suppressed-errors.js'
import type { TrainablePolicy } from '../../core/trainable-policy.js'
import type { Interrupts } from '../../evaluation/run/evaluate.js'
import type { Run } from '../../store/run.js'
import {
  openCheckpointFolder,
  type Checkpoint,
  type CheckpointFolder,
} from '../checkpoint/checkpoint-folder.js'
import type { CheckpointState } from '../checkpoint/checkpoint-state.js'
import type { DataOrder } from '../data-order.js'
import { EVALUATION_PREFIX, openMetricsLog } from '../metrics/metrics-log.js'
import { finiteFigures, type Figures, type StepMetrics } from '../metrics/step-metrics.js'
import type { TrainingEvent } from './training-event.js'

/** Named, since others than this program look for it: `<run>/checkpoints/step-…/policy`. */
export const CHECKPOINTS_FOLDER = 'checkpoints'

/** A measurement of the policy by what it does not learn from. */
export interface TrainEvaluation {
  /** Steps between two. */
  every: number
  measure: (at: {
    step: number
    signal: AbortSignal
    /** To be told how far it is. */
    onProgress: (done: number, of: number) => void
    /** To be told of rollouts that the machine failed. */
    onFailed: (sample: Sample) => void
  }) => Promise<Figures>
}

/** What SFT and GRPO have in common. */
export interface TrainLoopParameters {
  kind: CheckpointState['kind']
  run: Run
  policy: TrainablePolicy
  seed: number
  /** SHA-256 over the identities of what is learned from. */
  data: string
  order: DataOrder
  /** Of the whole training. */
  totalSteps: number
  /** Stop after this step, with a checkpoint, though the training is not over. */
  stopAfter?: number | undefined
  checkpoints?: {
    /** Steps between two; one is written at the end in any case. */
    every?: number
    /** How many of the newest are kept. */
    keep?: number
  }
  /** Take a step (from 0) and measure it. What it throws ends the training; the last checkpoint stands. */
  takeStep: (step: {
    step: number
    pass: number
    items: readonly number[]
    signal: AbortSignal
  }) => Promise<Figures>
  /** Measure the policy before the first step, every so many steps, and after the last. One that was broken off is made up for when the training goes on. */
  evaluation?: TrainEvaluation | undefined
  /** `drain`: take the step to its end, or leave the evaluation, write a checkpoint, stop; `cancel`: stop now. */
  interrupts?: Interrupts | undefined
  onEvent?: ((event: TrainingEvent) => void) | undefined
}

export interface TrainingResult {
  /** `stopped`: at `stopAfter`, before the end; `interrupted`: steps are to be taken yet, or the last was not evaluated. */
  status: 'complete' | 'stopped' | 'interrupted'
  /** Steps that were taken, those of earlier sessions included. */
  step: number
  totalSteps: number
  /** The run folder, absolute. */
  path: string
  /** Null: interrupted before the first. */
  checkpoint: Checkpoint | null
}

/**
 * Take the steps of a training that its newest checkpoint does not hold yet. A training that was stopped at any moment, kill -9 included, goes on from there with the same
 * steps as one that never was, as far as its policy and what it learns from are the same.
 * @throws UsageError when the checkpoint is of another training; StoreError when it cannot be read; TrainingError when numbers are no longer finite; AbortError when it is cancelled; whatever a step throws.
 */
export async function trainLoop(parameters: TrainLoopParameters): Promise<TrainingResult> {
  const { run, policy, order, totalSteps, interrupts = {}, onEvent = () => undefined } = parameters
  const { every = Infinity, keep = 2 } = parameters.checkpoints ?? {}
  const folder = await openCheckpointFolder({ path: join(run.path, CHECKPOINTS_FOLDER), keep })
  let checkpoint = await resume({ folder, parameters })
  let step = checkpoint?.state.step ?? 0
  const until = Math.max(step, Math.min(totalSteps, parameters.stopAfter ?? totalSteps))
  const log = await openMetricsLog({ run, step })
  const signal = interrupts.cancel ?? new AbortController().signal
  onEvent({ type: 'started', step, until, total: totalSteps })

  const measured = async (figures: Figures, pass: number): Promise<StepMetrics> => {
    const metrics = { step, pass, at: new Date().toISOString(), figures: finiteFigures(figures) }
    await log.add(metrics)
    return metrics
  }
  const isDrained = (): boolean => interrupts.drain?.aborted === true
  const isUnsaved = (): boolean => step > (checkpoint?.state.step ?? 0)
  /** What was finished is saved, whatever becomes of a measurement of it. */
  const measure = async (evaluation: TrainEvaluation): Promise<Figures | null> => {
    const isLeft = AbortSignal.any([signal, ...(interrupts.drain ? [interrupts.drain] : [])])
    const onProgress = (done: number, of: number): void =>
      onEvent({ type: 'progress', step, phase: 'evaluation', done, of })
    const onFailed = (sample: Sample): void => onEvent({ type: 'failed', step, sample })
    try {
      return await evaluation.measure({ step, signal: isLeft, onProgress, onFailed })
    } catch (error) {
      if (signal.aborted) throw error
      if (isDrained()) return null
      if (isUnsaved()) await save().catch((second: unknown) => addSuppressed({ error, suppressed: [second] }))
      throw error
    }
  }
  /** Whether the evaluation that is due after these steps, if any, was made. */
  const evaluate = async (): Promise<boolean> => {
    const { evaluation } = parameters
    if (evaluation === undefined || !isDue({ step, totalSteps, every: evaluation.every })) return true
    const figures = isDrained() ? null : await measure(evaluation)
    if (figures === null) return false
    const pass = step === 0 ? 0 : order.batchOf(step - 1).pass
    onEvent({ type: 'evaluated', metrics: await measured(prefixed(figures, EVALUATION_PREFIX), pass) })
    return true
  }
  let isEvaluated = log.isEvaluated || (await evaluate())

  while (step < until && !isDrained()) {
    signal.throwIfAborted()
    const started = performance.now()
    const { pass, items } = order.batchOf(step)
    const figures = await parameters.takeStep({ step, pass, items, signal })
    step++
    expectFinite({ figures, step })
    const seconds = (performance.now() - started) / 1000
    onEvent({ type: 'step', metrics: await measured({ ...figures, 'seconds/step': seconds }, pass), seconds })
    // Before the evaluation, which may fail or be broken off.
    if (step % every === 0 || step >= until || isDrained()) checkpoint = await save()
    isEvaluated = await evaluate()
  }
  if (isUnsaved()) checkpoint = await save()
  const status = step < until || !isEvaluated ? 'interrupted' : step < totalSteps ? 'stopped' : 'complete'
  return { status, step, totalSteps, path: run.path, checkpoint }

  async function save(): Promise<Checkpoint> {
    const { kind, seed, data } = parameters
    const place = { pass: Math.floor(step / order.stepsPerPass), batch: step % order.stepsPerPass }
    const state: CheckpointState = { version: 1, kind, step, totalSteps, seed, data, order: place }
    const written = await folder.write({ state, savePolicy: (directory) => policy.save(directory) })
    onEvent({ type: 'checkpoint', step, path: written.path })
    return written
  }
}

async function resume({
  folder,
  parameters: { kind, policy, seed, data, totalSteps },
}: {
  folder: CheckpointFolder
  parameters: TrainLoopParameters
}): Promise<Checkpoint | null> {
  const checkpoint = await folder.latest()
  if (checkpoint === null) return null
  const { state, path } = checkpoint
  const now = { kind, seed, data, totalSteps }
  const other = (['kind', 'seed', 'data', 'totalSteps'] as const).find((name) => state[name] !== now[name])
  if (other !== undefined)
    throw new UsageError(
      `${path}: expected a checkpoint of a training with ${other} ${now[other]}, got ${state[other]}; resume with the configuration and data it began with`,
    )
  try {
    await policy.load(checkpoint.policy)
  } catch (cause) {
    // Such as a device without memory, which says nothing of the files.
    if (!(cause instanceof CodeVisionError) || cause.isRetryable) throw cause
    throw new StoreError(
      `${path} could not be loaded: ${cause.message}; where its files are damaged, remove it to go on from the one before, or to begin anew where there is none`,
      { cause },
    )
  }
  return checkpoint
}

function isDue({ step, totalSteps, every }: { step: number; totalSteps: number; every: number }): boolean {
  return step % every === 0 || (step === totalSteps && every < Infinity)
}

function expectFinite({ figures, step }: { figures: Figures; step: number }): void {
  const norm = figures.gradientNorm
  if (norm === undefined || Number.isFinite(norm)) return
  throw new TrainingError(
    `step ${step}: expected a finite gradient, got a norm of ${norm}; the last checkpoint is still good: lower the learning rate or gradient clipping, and start from it`,
  )
}

function prefixed(figures: Figures, prefix: string): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}${name}`, value]))
}
