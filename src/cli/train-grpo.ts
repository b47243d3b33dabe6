import { join } from 'node:path'
import { secrets } from '../config/environment.js'
import { expectTrainingFiles } from '../config/expect-training-files.js'
import { loadGrpoConfig } from '../config/training-config.js'
import type { GrpoConfig } from '../config/training-schema.js'
import { closeAfter } from '../core/close-after.js'
import type { TrainablePolicy } from '../core/trainable-policy.js'
import type { ToolAnalyzer } from '../core/tool-analysis.js'
import type { Interrupts } from '../evaluation/run/evaluate.js'
import { agentIdentity, loadAgentSettings, type AgentSettings } from '../evaluation/run/agent-settings.js'
import { probeSandbox } from '../evaluation/run/probe-sandbox.js'
import { settingsIdentity } from '../evaluation/run/settings-identity.js'
import { analysisSourceOf } from '../evaluation/score-trajectories.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { Json } from '../store/manifest.js'
import { openRun } from '../store/open-run.js'
import type { Run } from '../store/run.js'
import { tryRunFolder } from '../store/try-run-folder.js'
import { dataOrder } from '../training/data-order.js'
import { evaluateTasks } from '../training/evaluate-tasks.js'
import { trainGrpo, type GrpoSettings, type TrainGrpoParameters } from '../training/grpo.js'
import type { TrainingResult } from '../training/loop/train-loop.js'
import { plannedSamples } from '../training/planned-samples.js'
import { startingModel } from '../training/starting-model.js'
import { totalSteps } from '../training/total-steps.js'
import { trainingIdentity } from '../training/training-identity.js'
import { trainingManifest } from '../training/training-manifest.js'
import type { TrainingTasks } from '../training/training-tasks.js'
import { warmupOf } from '../training/warmup-of.js'
import { loadTrainablePolicy, loadTools, openSandboxPool } from '../wiring.js'
import { openScoring, openTasks } from './open-tasks.js'
import { resumeCommand } from './resume-command.js'
import type { TrainArguments } from './train.js'
import { trainingOverrides, trainingSession } from './training-session.js'

const warn = (message: string): void => console.error(message)

/** Train by rewards as a command line says. */
export async function trainGrpoCommand(given: TrainArguments): Promise<TrainingResult> {
  const [path, overrides] = [given.config, trainingOverrides(given)]
  const config = await loadGrpoConfig({ path, overrides })
  await expectTrainingFiles({ path, overrides })
  return trainGrpoConfig({
    config,
    mode: given.resume ? 'resume' : 'create',
    again: resumeCommand(),
    stopAfter: given.steps,
  })
}

/**
 * Train by rewards as a configuration says; closes whatever it opened.
 * @param parameters.again command that goes on when it was stopped
 * @param parameters.interrupts of a command that listens for Ctrl-C itself; else it is listened for once the policy is there
 */
export async function trainGrpoConfig({
  config,
  mode,
  again,
  stopAfter,
  interrupts,
}: {
  config: GrpoConfig
  mode: 'create' | 'resume'
  again: string
  stopAfter?: number | undefined
  interrupts?: Interrupts | undefined
}): Promise<TrainingResult> {
  const opened = await openTasks({ ...config, onWarning: warn })
  const { suite, tasks } = opened
  const settings = settingsOf({ config, tasks })
  warn(
    `${tasks.count} questions, ${settings.totalSteps} steps of ${settings.batch} × ${settings.groupSize} rollouts`,
  )
  const tools = loadTools(config.sandbox.tools)
  const agent = await loadAgentSettings(config.agent, tools)
  const path = join(config.output, config.name)
  const identity = identityOf({ config, tasks, agent })
  await tryRunFolder({ path, mode, identity, secrets: secrets() })
  const scoring = await openScoring({ ...config, opened, onWarning: warn })
  const held =
    config.evaluation === undefined
      ? null
      : (await openTasks({ ...config.evaluation, onWarning: warn })).tasks
  const { concurrency } = settings
  const resumed = mode === 'resume' ? path : null
  let sandbox: SandboxPool | undefined
  let policy: TrainablePolicy | undefined
  let run: Run | undefined
  return closeAfter({
    work: async () => {
      sandbox = await openSandboxPool({ ...sandboxOptions(config), tools, onWarning: warn })
      await probeSandbox({ sandbox })
      // Last: it may take minutes.
      policy = await loadTrainablePolicy(config.model, { seed: config.seed, concurrency })
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
      run = await openRun({
        path,
        mode,
        manifest,
        secrets: secrets(),
      })
      const parameters: TrainGrpoParameters = {
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
      return await trainingSession({
        again,
        stopAfter,
        interrupts,
        train: (session) =>
          trainGrpo({
            ...parameters,
            ...session,
            ...(held !== null && {
              evaluation: {
                every: config.evaluation?.every ?? Infinity,
                measure: ({ step, signal }) =>
                  evaluateTasks({
                    tasks: held,
                    parameters,
                    ...deadlineOf(config.evaluation?.deadlineSeconds),
                    signal,
                    onRollout: (done, of) =>
                      session.onEvent?.({ type: 'progress', step, phase: 'evaluation', done, of }),
                  }),
              },
            }),
          }),
      })
    },
    close: [() => run?.close(), () => policy?.close?.(), () => sandbox?.close()],
  })
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

function settingsOf({ config, tasks }: { config: GrpoConfig; tasks: TrainingTasks }): GrpoSettings {
  const { training, seed, keepSamples } = config
  const { deadlineSeconds, schedule, warmup, steps, passes, ...rest } = training
  const batch = Math.min(training.batch, tasks.count)
  if (batch < training.batch)
    warn(`A step takes all ${batch} questions: there are fewer than the ${training.batch} of a batch.`)
  const { stepsPerPass } = dataOrder({ count: tasks.count, batchSize: batch, seed, rest: 'drop' })
  const miniBatch = training.miniBatch ?? Math.ceil(batch / 2)
  return {
    ...rest,
    seed,
    batch,
    miniBatch,
    totalSteps: totalSteps({ steps, passes, stepsPerPass }),
    schedule: { kind: schedule, warmup: warmupOf(warmup) },
    keepSamples,
    ...deadlineOf(deadlineSeconds),
  }
}

function deadlineOf(seconds: number | undefined): { deadlineMs?: number } {
  return seconds === undefined ? {} : { deadlineMs: seconds * 1000 }
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
