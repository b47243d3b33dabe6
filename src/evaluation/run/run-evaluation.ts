import { rollout } from '../../agent/rollout.js'
import { gitRevision, packageVersion } from '../../config/package-info.js'
import type { Policy } from '../../core/policy.js'
import type { Sample } from '../../core/sample.js'
import type { Sandbox } from '../../core/sandbox.js'
import type { Suite } from '../../data/load-suite.js'
import type { Json, NewManifest } from '../../store/manifest.js'
import { openRun } from '../../store/open-run.js'
import { agentIdentity, type AgentSettings } from './agent-settings.js'
import { evaluate, type Interrupts, type Stop } from './evaluate.js'
import type { FailureGroup } from './failures.js'
import { checkScoring } from '../scoring/check-scoring.js'
import type { JudgeUsage, ModelUsage } from './model-usage.js'
import { NEWER_PARTS } from './newer-parts.js'
import { planTasks, type Plan, type Selection } from './plan.js'
import type { Progress } from './progress.js'
import { RETRIES, type Retries } from './run-sample.js'
import type { Scoring } from '../scoring/score-answer.js'
import { questionsHash } from '../summary/questions-hash.js'
import type { Summary, SummaryHead } from '../summary/summary.js'
import { stopAfterFailures } from './server-failures.js'
import { openUsageLedger } from './usage-ledger.js'
import { writeSummary } from '../summary/write-summary.js'

export interface RunEvaluationParameters {
  suite: Suite
  policy: Policy
  sandbox: Sandbox
  agent: AgentSettings
  scoring: Scoring
  /** `create` a new run folder, or `resume` one of the same configuration and data. */
  run: { path: string; mode: 'create' | 'resume' }
  /** What else decides what a sample is, such as the policy's sampling settings: a resumed run must have the same. */
  settings?: Record<string, Json>
  /** The whole configuration, for the manifest. */
  config?: Record<string, Json>
  selection?: Selection
  epochs?: number
  /** Samples at the same time. */
  concurrency?: number
  /** Samples in a row that the model's server may fail before the run is stopped; else 20 for each that runs at the same time. */
  stopAfterFailures?: number
  retries?: Retries
  /** Values that must appear in no file. */
  secrets?: readonly string[]
  interrupts?: Interrupts
  /** Told before the start of what of the rows could not be used, with file and row. */
  onNotices?: (notices: readonly string[]) => void
  /** Told what the run is before anything is asked or made; what it throws is the evaluation's failure. */
  onHead?: (head: SummaryHead & { questions: string }) => void
  onProgress?: (progress: Progress, sample: Sample | null) => void
}

export interface EvaluationResult {
  /** `incomplete`: some samples failed for reasons of the infrastructure, or none could be used; `interrupted`: it was asked to stop before all were run. */
  status: 'complete' | 'incomplete' | 'interrupted'
  /** The run folder, absolute. */
  path: string
  summary: Summary
  /** Why samples failed or cannot be used, the most frequent reason first. */
  failures: readonly FailureGroup[]
  /** Rows that repeat an earlier one, asked once. */
  duplicates: number
  /** What the policy's server was used for; null where the policy counts nothing. */
  policyUsage: ModelUsage | null
  /** What the judge was used for; null where there is none, or it counts nothing. */
  judgeUsage: JudgeUsage | null
  /** Why the run stopped before its end although nobody interrupted it: a cap that was reached, or a server that failed too many samples in a row. Null: it did not. */
  stoppedBy: string | null
  /** Which of the two. */
  stopKind: Stop['kind'] | null
}

/**
 * Evaluate a policy on a suite and keep everything in a run folder. A run that was stopped at any moment, kill -9 included, can be resumed
 * and ends with the same summary.json.
 * @throws UsageError for wrong rows or selections, or a run that cannot be created or resumed so; ModelError or JudgeError when a server
 *   does not answer before the start; SandboxError when the sandbox cannot tell its versions; StoreError for the run folder.
 */
export async function runEvaluation(parameters: RunEvaluationParameters): Promise<EvaluationResult> {
  const { suite, policy, sandbox, agent, run: target, onProgress } = parameters
  const {
    selection = { limit: null, sampleIds: null, shard: null },
    epochs = 1,
    concurrency = 4,
  } = parameters
  const { retries = RETRIES, secrets = [], interrupts = {} } = parameters

  const plan = await planTasks({ suite, selection })
  // Of a shard too: what its part is of is known when shards are merged.
  const whole =
    selection.shard === null ? plan : await planTasks({ suite, selection: { ...selection, shard: null } })
  if (plan.notices.length > 0) parameters.onNotices?.(plan.notices)
  const { scoring, notice } = await checkScoring({ suite, plan, scoring: parameters.scoring })
  if (notice !== null) parameters.onNotices?.([notice])
  const head: SummaryHead = {
    suite: suite.name,
    policy: { name: policy.name, model: policy.model },
    scoring: scoring.profile,
    judge: scoring.judge?.model ?? 'none',
    judgeReading: scoring.judge?.reading ?? null,
    epochs,
    planned: plan.tasks.length * epochs,
  }
  parameters.onHead?.({ ...head, questions: questionsHash(plan.tasks.map(({ key }) => key)) })
  // Before the folder is made: a server that is not there must not leave an empty run behind.
  await policy.check?.(interrupts.cancel)
  await scoring.judge?.check(interrupts.cancel)
  const manifest = await manifestOf({ parameters, head, selection, whole })
  const run = await openRun({ ...target, manifest, secrets, newer: NEWER_PARTS })
  try {
    const accounts = { policy: policy.account, judge: scoring.judge?.account }
    const ledger = await openUsageLedger({ run, accounts })
    const stop = await evaluate({
      run,
      suite,
      plan,
      epochs,
      rollOut: (request) => rollout({ ...agent, policy, sandbox, ...request }),
      scoring,
      ledger,
      concurrency,
      stopAfterFailures: parameters.stopAfterFailures ?? stopAfterFailures({ concurrency }),
      retries,
      secrets,
      interrupts,
      onProgress,
    })
    const { summary, costs, failures } = await writeSummary({ run, head, judge: scoring.judge, policy })
    return {
      status: statusOf({ summary, interrupts }),
      path: run.path,
      summary,
      failures,
      duplicates: plan.duplicates,
      policyUsage: costs.policy,
      judgeUsage: costs.judge,
      stoppedBy: stop?.message ?? null,
      stopKind: stop?.kind ?? null,
    }
  } finally {
    await run.close()
  }
}

async function manifestOf({
  parameters: { suite, sandbox, agent, settings = {}, config = {} },
  head: { suite: name, policy, scoring, judge, epochs, planned },
  selection,
  whole,
}: {
  parameters: RunEvaluationParameters
  head: SummaryHead
  selection: Selection
  /** Of all shards together. */
  whole: Plan
}): Promise<NewManifest> {
  const { runtime, python, containment, ...pixels } = await sandbox.versions()
  const scorer = suite.definition?.scorer ?? 'none'
  return {
    identity: {
      head: { suite: name, policy, scoring, judge, epochs, planned },
      dataset: {
        sha256: suite.sha256,
        rows: suite.count,
        questions: questionsHash(whole.tasks.map(({ key }) => key)),
        selection: selectionJson(selection),
        ...(suite.transforms !== null && { transforms: [...suite.transforms] }),
        ...(selection.shard !== null && { whole: whole.tasks.length * epochs }),
      },
      agent: agentIdentity(agent),
      // Other libraries make other pixels; another patch release of Python or another container does not.
      sandbox: pixels,
      settings,
      ...(scorer !== 'none' && { scorer }),
    },
    config,
    environment: {
      codevision: await packageVersion(),
      gitRevision: await gitRevision(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      sandbox: { runtime, python, containment: { ...containment } },
      data: suite.path,
      ...(suite.origin !== null && { origin: { ...suite.origin } }),
    },
  }
}

function statusOf({
  summary,
  interrupts: { drain, cancel },
}: {
  summary: Summary
  interrupts: Interrupts
}): EvaluationResult['status'] {
  if (summary.isComplete) return 'complete'
  return drain?.aborted === true || cancel?.aborted === true ? 'interrupted' : 'incomplete'
}

function selectionJson({ limit, sampleIds, shard }: Selection): Json {
  return {
    limit: limit === null ? null : `${limit.first}-${limit.last}`,
    sampleIds: sampleIds === null ? null : [...sampleIds].sort(),
    shard: shard === null ? null : `${shard.index}/${shard.count}`,
  }
}
