import { parseReward } from '../../config/reward-config.js'
import type { PolicyRequest } from '../../core/policy.js'
import type { Sandbox } from '../../core/sandbox.js'
import { loadSuite } from '../../data/load-suite.js'
import { planTasks } from '../../evaluation/run/plan.js'
import { AGENT, fakeSandbox, replyOf } from '../../evaluation/testing/fakes.js'
import { observedSource } from '../../reward/observed-source.js'
import { openRun } from '../../store/open-run.js'
import type { Run } from '../../store/run.js'
import type { GrpoSettings, TrainGrpoParameters } from '../grpo.js'
import { suiteTasks, type TrainingTasks } from '../training-tasks.js'
import { createTablePolicy, type TablePolicy } from './table-policy.js'

/** What the policy can write: a call that works, one that fails, and the numbers that the rows ask for. */
export const WORDS = [
  replyOf('ok').text,
  replyOf('fail').text,
  ...Array.from({ length: 6 }, (_, number) => `<answer>${number}</answer>`),
]

export const SETTINGS: GrpoSettings = {
  seed: 3,
  batch: 3,
  groupSize: 4,
  totalSteps: 6,
  learningRate: 0.05,
  schedule: { kind: 'constant', warmup: { steps: 0 } },
  isNormalised: true,
  groupFilter: 'none',
  concurrency: 3,
  keepSamples: { every: 1, prompts: 1 },
  miniBatch: 2,
  updateRounds: 1,
  aggregation: 'token-mean',
  microBatch: 1,
  oldLogprobs: 'recomputed',
  maxGradientNorm: 1,
  clipLow: 0.2,
  clipHigh: 0.28,
  dualClip: 10,
  klPenalty: 'low_var_kl',
  klCoefficient: 0.001,
}

const MANIFEST = { identity: { head: 'test' }, config: {}, environment: {} }

/** Tasks of a file of rows. */
export async function openTasks(rows: string): Promise<TrainingTasks> {
  const suite = await loadSuite({ suite: rows })
  const plan = await planTasks({ suite, selection: { limit: null, sampleIds: null, shard: null } })
  return suiteTasks({ suite, plan })
}

export interface GrpoSetup {
  policy: TablePolicy
  run: Run
  parameters: TrainGrpoParameters
}

/** A small training: a table over a sandbox that reads code as a word. The caller closes the run. */
export async function setUpGrpo({
  rows,
  path,
  mode = 'create',
  settings = {},
  before,
  sandbox = fakeSandbox(),
}: {
  rows: string
  path: string
  mode?: 'create' | 'resume'
  settings?: Partial<GrpoSettings>
  before?: (request: PolicyRequest) => Promise<void>
  sandbox?: Sandbox
}): Promise<GrpoSetup> {
  const policy = createTablePolicy({ words: WORDS, seed: 11, turnTokens: 2, ...(before && { before }) })
  const run = await openRun({ path, mode, manifest: MANIFEST })
  return {
    policy,
    run,
    parameters: {
      run,
      policy,
      temperature: 1,
      tasks: await openTasks(rows),
      sandbox,
      agent: AGENT,
      scoring: { profile: 'strict', judge: null },
      reward: {
        parameters: parseReward({ variant: 'paper', analysis: 'observed' }),
        source: observedSource,
      },
      settings: { ...SETTINGS, ...settings },
      retries: { count: 0, delayMs: 1 },
    },
  }
}
