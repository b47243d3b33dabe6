import { rollout as runRollout } from '../agent/rollout.js'
import { createWaitingClock, type WaitingClock } from '../agent/waiting-clock.js'
import type { RewardConfig } from '../config/reward-schema.js'
import { closeAfter } from '../core/close-after.js'
import { TrainingError } from '../core/errors.js'
import type { Sample } from '../core/sample.js'
import type { Sandbox } from '../core/sandbox.js'
import type { FrozenPolicy, TrainablePolicy } from '../core/trainable-policy.js'
import type { AgentSettings } from '../evaluation/run/agent-settings.js'
import { RETRIES, type Retries } from '../evaluation/run/run-sample.js'
import type { Scoring } from '../evaluation/scoring/score-answer.js'
import type { AnalysisSource } from '../reward/analysis-source.js'
import type { Run } from '../store/run.js'
import { dataOrder } from './data-order.js'
import { learningRateFactor, type Schedule } from './learning-rate.js'
import { trainLoop, type TrainingResult, type TrainLoopParameters } from './loop/train-loop.js'
import { rolloutFigures } from './metrics/rollout-figures.js'
import type { Figures } from './metrics/step-metrics.js'
import { collectRollouts, type CollectedRollout } from './rollouts/collect-rollouts.js'
import { learnFrom, type GROUP_FILTERS } from './rollouts/learn-from.js'
import { rewardRollouts, type RewardedRollout } from './rollouts/reward-rollouts.js'
import type { TrainingTasks } from './training-tasks.js'
import { grpoUpdate, type GrpoUpdateSettings } from './update/grpo-update.js'

/*
 * Group relative policy optimisation, as section 4 of the paper and its released recipe do it, over any policy that can be trained. What is different, and why:
 *
 * - Rollouts that the machine failed (sandbox, model, judge) or that the deadline cut off are in no group and no loss. The release scores them 0, which teaches the policy to
 *   avoid what breaks the machine. Nor are those in which nothing was sampled. A rollout that is the only one left of its group is not learned from either: there is nothing to compare it with.
 * - A mini-batch in which no rollout has an advantage (every group all equal) is not updated on. Its loss is the divergence alone, of which a policy that still is the reference has nothing but
 *   rounding; AdamW divides that by its own size and takes a full step. The release updates.
 * - Rewards of a group that differ by less than 1e-9 are equal, and nobody has an advantage: sums of the same terms in another order differ by rounding alone, and by that a mini-batch would not count as
 *   one without advantages. The release divides what is left by the deviation + 1e-6.
 * - The loss is the mean over all tokens of a mini-batch (`aggregation: token-mean`), so each token weighs the same, however a mini-batch is cut to fit into memory. The release takes the mean of each
 *   micro-batch and then of these, which with one rollout a micro-batch weighs tokens of short rollouts more: `aggregation: micro-batch-token-mean`.
 * - Prompts of a pass that fill no batch are left out of it, as in verl, others with each pass: a smaller batch would move the weights as far by less. Fewer prompts than a batch are one batch; verl takes no
 *   step then. The paper does not say what becomes of a rest.
 * - AdamW takes nothing off the weights (`model.optimizer.weightDecay`), since the paper names no decay; verl's own default is 0.01.
 * - A step is one pass over one batch: rollouts, then updates, nothing overlapped. The release does the same on one pool of GPUs.
 * - Random numbers are counted, not carried on: a rollout's follow from seed, task and epoch, the order of the data from seed and pass. So a resumed training repeats nothing.
 * - No entropy bonus (the recipe's coefficient is 0); entropy is measured, as the mean surprise of the sampled tokens.
 * - The learning rate moves once a step, as in the release, though a step has several updates.
 */

export interface GrpoSettings extends Omit<GrpoUpdateSettings, 'temperature'> {
  seed: number
  /** Prompts of a step (paper: 64). */
  batch: number
  /** Rollouts of each prompt (paper: 8). */
  groupSize: number
  totalSteps: number
  learningRate: number
  schedule: Omit<Schedule, 'totalSteps'>
  /** Divide advantages by the deviation of their group. */
  isNormalised: boolean
  groupFilter: (typeof GROUP_FILTERS)[number]
  /** Rollouts at the same time. */
  concurrency: number
  /** Rollouts of a step that have not ended by then are cut off, in milliseconds; absent or null: none are. */
  deadlineMs?: number | null | undefined
  /** Trajectories that are kept for reading: of the first prompts of every so many steps. */
  keepSamples: { every: number; prompts: number }
}

export interface TrainGrpoParameters extends Pick<
  TrainLoopParameters,
  'stopAfter' | 'checkpoints' | 'evaluation' | 'interrupts' | 'onEvent'
> {
  run: Run
  policy: TrainablePolicy
  /** At which the policy samples. */
  temperature: number
  tasks: TrainingTasks
  sandbox: Sandbox
  agent: AgentSettings
  scoring: Scoring
  reward: { parameters: RewardConfig; source: AnalysisSource }
  settings: GrpoSettings
  retries?: Retries
  /** Values that must appear in no file. */
  secrets?: readonly string[]
}

/**
 * Let a policy learn from rewards: rollouts of each prompt of a batch in the sandbox, rewards, advantages within each prompt's group, clipped updates held near the policy that
 * it began as.
 * @throws TrainingError when no rollout of a step ended, or numbers are no longer finite; see {@link trainLoop}.
 */
export async function trainGrpo(parameters: TrainGrpoParameters): Promise<TrainingResult> {
  const { policy, tasks, settings } = parameters
  const { seed, batch, klCoefficient, totalSteps } = settings
  const order = dataOrder({ count: tasks.count, batchSize: batch, seed, rest: 'drop' })
  // Before a checkpoint is loaded: the reference is what the training began with.
  const reference = klCoefficient === 0 ? null : await policy.reference()
  return closeAfter({
    work: () =>
      trainLoop({
        ...parameters,
        kind: 'grpo',
        seed,
        data: tasks.sha256,
        order,
        totalSteps,
        takeStep: (step) => takeStep({ ...step, parameters, reference }),
      }),
    close: [() => reference?.dispose()],
  })
}

async function takeStep({
  step,
  pass,
  items,
  signal,
  parameters,
  reference,
}: {
  step: number
  pass: number
  items: readonly number[]
  signal: AbortSignal
  parameters: TrainGrpoParameters
  reference: FrozenPolicy | null
}): Promise<Figures> {
  const { policy, settings, temperature, onEvent = () => undefined } = parameters
  const progress = (phase: 'rollouts' | 'reward' | 'update') => (done: number, of: number) =>
    onEvent({ type: 'progress', step: step + 1, phase, done, of })

  const clock = stopwatch()
  const waitingClock = createWaitingClock()
  const collected = await rollOut({
    ...{ pass, items, signal, parameters },
    clock: waitingClock,
    onDone: progress('rollouts'),
    onFailed: (sample) => onEvent({ type: 'failed', step: step + 1, sample }),
  })
  expectEnded({ collected, step })
  const rolloutSeconds = clock()
  const waited = waitingClock.times()

  const { source, parameters: reward } = parameters.reward
  progress('reward')(0, collected.length)
  const rollouts = await rewardRollouts({ rollouts: collected, source, parameters: reward })
  await keepSamples({ step, rollouts, parameters })
  const rewardSeconds = clock()

  const { groupFilter: filter, isNormalised, schedule, totalSteps } = settings
  const learnable = learnFrom({ rollouts, filter, isNormalised })
  const factor = learningRateFactor({ step, schedule: { ...schedule, totalSteps } })
  const learningRate = settings.learningRate * factor
  const update = await grpoUpdate({
    policy,
    reference,
    rollouts: learnable.rollouts,
    fates: learnable.fates,
    settings: { ...settings, temperature },
    learningRate,
    signal,
    onUpdate: progress('update'),
  })
  const trainSeconds = clock()

  const sampledTokens = collected.reduce(
    (sum, { sample }) => sum + (sample.trajectory?.usage.completionTokens ?? 0),
    0,
  )
  const total = (read: (timings: CollectedRollout['sample']['timings']) => number): number =>
    collected.reduce((sum, { sample }) => sum + read(sample.timings), 0) / 1000
  return {
    ...rolloutFigures({ rollouts, batch: learnable }),
    ...update,
    learningRate,
    'tokens/perSecond': sampledTokens / rolloutSeconds,
    'seconds/rollout': rolloutSeconds,
    // Of all rollouts together: they run beside each other, so that these may be more than the step took.
    'seconds/model': total(({ modelMs }) => modelMs),
    'seconds/sandbox': total(({ sandboxMs }) => sandboxMs),
    'seconds/judge': total(({ judgeMs }) => judgeMs),
    // By the clock.
    'seconds/sandboxBusy': waited.sandbox,
    'seconds/sandboxAlone': waited.sandboxAlone,
    'seconds/reward': rewardSeconds,
    'seconds/train': trainSeconds,
  }
}

/** Every prompt's rollouts, prompt by prompt. */
async function rollOut({
  pass,
  items,
  signal,
  parameters,
  clock,
  onDone,
  onFailed,
}: {
  pass: number
  items: readonly number[]
  signal: AbortSignal
  parameters: TrainGrpoParameters
  clock: WaitingClock
  onDone: (done: number, of: number) => void
  onFailed: (sample: Sample) => void
}): Promise<CollectedRollout[]> {
  const { policy, sandbox, agent, tasks, scoring, settings, secrets = [] } = parameters
  const { retries = RETRIES } = parameters
  const { groupSize, concurrency, deadlineMs } = settings
  const asked = (await tasks.read(items)).flatMap((task) =>
    Array.from({ length: groupSize }, (_, place) => ({ task, epoch: pass * groupSize + place })),
  )
  onDone(0, asked.length)
  return collectRollouts({
    rollouts: asked,
    policy,
    rollOut: (request) => runRollout({ ...agent, policy, sandbox, clock, ...request }),
    scoring,
    scorer: tasks.scorer,
    retries,
    secrets,
    concurrency,
    deadlineMs,
    signal,
    onRollout: (done) => onDone(done, asked.length),
    onFailed,
  })
}

/** A step without a single rollout would pass over data and learn nothing, and so would all that follow. */
function expectEnded({ collected, step }: { collected: readonly CollectedRollout[]; step: number }): void {
  if (collected.some(({ training }) => training !== null)) return
  const reason = collected[0]?.sample.error?.message ?? 'the policy kept no tokens of any'
  throw new TrainingError(
    `step ${step + 1}: expected rollouts to learn from, but none of ${collected.length} ended: ${reason}; mend that (or give them more time: deadlineSeconds), then resume`,
  )
}

/** Some trajectories as samples of the run, for `codevision view` and `report`. */
async function keepSamples({
  step,
  rollouts,
  parameters: { run, settings },
}: {
  step: number
  rollouts: readonly RewardedRollout[]
  parameters: TrainGrpoParameters
}): Promise<void> {
  const { every, prompts } = settings.keepSamples
  if (prompts === 0 || step % every !== 0) return
  const kept = new Set([...new Set(rollouts.map(({ task }) => task.key))].slice(0, prompts))
  for (const { task, sample, images } of rollouts) {
    if (!kept.has(task.key)) continue
    for (const [sha256, png] of images) await run.images.put({ sha256, png })
    await run.append({ ...sample, metadata: { ...sample.metadata, trainingStep: step + 1 } })
  }
}

/** Seconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const before = last
    last = performance.now()
    return (last - before) / 1000
  }
}
