import { join } from 'node:path'
import { secrets } from './config/environment.js'
import type { GrpoConfig } from './config/training-schema.js'
import { openTogether } from './core/open-together.js'
import type { ToolAnalyzer } from './core/tool-analysis.js'
import type { DownloadProgress } from './data/hub/fetch-dataset.js'
import { agentIdentity, loadAgentSettings, type AgentSettings } from './evaluation/run/agent-settings.js'
import type { Plan } from './evaluation/run/plan.js'
import { probeSandbox } from './evaluation/run/probe-sandbox.js'
import { settingsIdentity } from './evaluation/run/settings-identity.js'
import { analysisSourceOf } from './evaluation/score-trajectories.js'
import { openScoring, openTasks } from './open-tasks.js'
import type { OpenedTraining, OpenTrainingParameters } from './opened-training.js'
import type { Json } from './store/manifest.js'
import { readModelConfig } from './models/config/read-config.js'
import { openRun } from './store/open-run.js'
import { tryRunFolder } from './store/try-run-folder.js'
import { dataOrder } from './training/data-order.js'
import { evaluateTasks } from './training/evaluate-tasks.js'
import type { GrpoSettings, TrainGrpoParameters } from './training/grpo.js'
import { overlapWarning } from './training/overlap-warning.js'
import { plannedSamples } from './training/planned-samples.js'
import { startingModel } from './training/starting-model.js'
import { totalSteps } from './training/total-steps.js'
import { trainingIdentity } from './training/training-identity.js'
import { trainingManifest } from './training/training-manifest.js'
import type { TrainingTasks } from './training/training-tasks.js'
import { warmupOf } from './training/warmup-of.js'
import { whatIsTrained } from './training/what-is-trained.js'
import { loadTools, loadTrainablePolicy, openSandboxPool, type JudgeOptions } from './wiring.js'

export interface OpenGrpoParameters extends OpenTrainingParameters<GrpoConfig> {
  /** Told while the judge's server is asked again. */
  onRetry?: JudgeOptions['onRetry']
  /** Told how far the download of a suite is. */
  onDownload?: (progress: DownloadProgress) => void
}

/**
 * Open what a configuration of GRPO names (rows, judge, sandbox, policy, run folder) as what `trainGrpo` takes.
 * @throws UsageError, DataError, JudgeError, SandboxError, StoreError for what cannot be had; nothing is left open then.
 */
export async function openGrpo({
  config,
  mode = 'create',
  onWarning = (message) => process.emitWarning(message),
  onPlanned = () => undefined,
  onRetry,
  onDownload,
}: OpenGrpoParameters): Promise<OpenedTraining<TrainGrpoParameters>> {
  const { value: parameters, close } = await openTogether(async (willClose) => {
    const opened = await openTasks({ ...config, onWarning, onDownload })
    const { suite, tasks } = opened
    const settings = settingsOf({ config, tasks, onWarning })
    onPlanned(
      `${tasks.count} questions, ${settings.totalSteps} steps of ${settings.batch} × ${settings.groupSize} rollouts`,
    )
    const tools = loadTools(config.sandbox.tools)
    const agent = await loadAgentSettings(config.agent, tools)
    const path = join(config.output, config.name)
    const identity = identityOf({ config, tasks, agent })
    await tryRunFolder({ path, mode, identity, secrets: secrets() })
    const scoring = await openScoring({ ...config, opened, onWarning, ...(onRetry && { onRetry }) })
    const held = await openHeld({ config, learned: opened.plan, onWarning, onDownload })
    const { concurrency } = settings
    const resumed = mode === 'resume' ? path : null
    const sandbox = await openSandboxPool({ ...sandboxOptions(config), tools, onWarning })
    willClose(() => sandbox.close())
    await probeSandbox({ sandbox })
    onPlanned(whatIsTrained({ config: await readModelConfig(config.model.path), model: config.model }))
    // Last: it may take minutes.
    const policy = await loadTrainablePolicy(config.model, { seed: config.seed, concurrency })
    willClose(() => policy.close?.())
    const manifest = await trainingManifest({
      head: {
        suite: suite.name,
        policy: { name: policy.name, model: await startingModel({ resumed, model: policy.model }) },
        scoring: scoring.profile,
        judge: scoring.judge?.model ?? 'none',
        epochs: settings.groupSize,
        planned: await plannedSamples({ resumed, settings }),
      },
      identity,
      data: suite.path,
      config,
      sandbox,
    })
    const run = await openRun({ path, mode, manifest, secrets: secrets() })
    willClose(() => run.close())
    const training: TrainGrpoParameters = {
      run,
      policy,
      temperature: config.model.temperature,
      tasks,
      sandbox,
      agent,
      scoring,
      reward: rewardOf({ config, analyzer: sandbox }),
      settings,
      retries: { count: config.retries, delayMs: 1000 },
      secrets: secrets(),
      checkpoints: config.checkpoints,
    }
    if (held === null) return training
    return { ...training, evaluation: evaluationOf({ config, tasks: held, training }) }
  })
  return { parameters, close }
}

/** Rows that are measured on; null: none. */
async function openHeld({
  config: { evaluation },
  learned,
  onWarning,
  onDownload,
}: {
  config: GrpoConfig
  learned: Plan
  onWarning: (message: string) => void
  onDownload: OpenGrpoParameters['onDownload'] | undefined
}): Promise<TrainingTasks | null> {
  if (evaluation === undefined) return null
  const { tasks, plan } = await openTasks({ ...evaluation, onWarning, onDownload })
  const keysOf = ({ tasks: planned }: Plan): string[] => planned.map(({ key }) => key)
  const warning = overlapWarning({
    learned: keysOf(learned),
    measured: keysOf(plan),
    named: 'rows of `evaluation.data`',
  })
  if (warning !== null) onWarning(warning)
  return tasks
}

function evaluationOf({
  config: { evaluation },
  tasks,
  training,
}: {
  config: GrpoConfig
  tasks: TrainingTasks
  training: TrainGrpoParameters
}): NonNullable<TrainGrpoParameters['evaluation']> {
  return {
    every: evaluation?.every ?? Infinity,
    measure: ({ signal, onProgress, onFailed }) =>
      evaluateTasks({
        tasks,
        parameters: training,
        ...deadlineOf(evaluation?.deadlineSeconds),
        signal,
        onRollout: onProgress,
        onFailed,
      }),
  }
}

/** What a training that goes on must share, without what only policy and sandbox tell. */
function identityOf({
  config,
  tasks,
  agent,
}: {
  config: GrpoConfig
  tasks: TrainingTasks
  agent: AgentSettings
}): Record<string, Json> {
  return trainingIdentity({
    kind: 'grpo',
    data: { sha256: tasks.sha256, rows: tasks.count },
    config,
    further: { agent: agentIdentity(agent), settings: ownSettings(config) },
  })
}

function settingsOf({
  config,
  tasks,
  onWarning,
}: {
  config: GrpoConfig
  tasks: TrainingTasks
  onWarning: (message: string) => void
}): GrpoSettings {
  const { training, seed, keepSamples } = config
  const { deadlineSeconds, schedule, warmup, steps, passes, ...rest } = training
  const batch = Math.min(training.batch, tasks.count)
  if (batch < training.batch)
    onWarning(`A step takes all ${batch} questions: there are fewer than the ${training.batch} of a batch.`)
  const { stepsPerPass } = dataOrder({ count: tasks.count, batchSize: batch, seed, rest: 'drop' })
  const total = totalSteps({ steps, passes, stepsPerPass })
  const miniBatch = training.miniBatch ?? Math.ceil(batch / 2)
  return {
    ...rest,
    seed,
    batch,
    miniBatch,
    totalSteps: total,
    schedule: { kind: schedule, warmup: warmupOf({ warmup, totalSteps: total }) },
    keepSamples,
    ...deadlineOf(deadlineSeconds),
  }
}

function deadlineOf(seconds: number | null | undefined): { deadlineMs?: number | null } {
  if (seconds === undefined) return {}
  return { deadlineMs: seconds === null ? null : seconds * 1000 }
}

function rewardOf({ config: { reward }, analyzer }: { config: GrpoConfig; analyzer: ToolAnalyzer }) {
  return { parameters: reward, source: analysisSourceOf({ analysis: reward.analysis, analyzer }) }
}

/** What decides a rollout besides the policy, which is what is trained. */
function ownSettings({ judge, seed, sandbox }: GrpoConfig): Record<string, Json> {
  const { judge: asked = 'none', tools } = settingsIdentity({
    policy: { kind: 'tesseract' },
    ...{ judge, seed, sandbox },
  })
  return { judge: asked, ...(tools !== undefined && { tools }) }
}

function sandboxOptions({ sandbox: { runtime, profile, hosts } }: GrpoConfig) {
  return { runtime, profile, ...(hosts !== undefined && { hosts }) }
}
