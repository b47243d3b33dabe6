import type { Interrupts } from '../../evaluation/run/evaluate.js'
import { RETRIES, type Retries } from '../../evaluation/run/run-sample.js'
import { rollout, type RolloutRequest } from '../../agent/rollout.js'
import { gitRevision, packageVersion } from '../../config/package-info.js'
import { UsageError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import type { Policy } from '../../core/policy.js'
import { sampleKey, type Sample } from '../../core/sample.js'
import type { Sandbox } from '../../core/sandbox.js'
import type { ImageRecord } from '../../core/image.js'
import type { Suite } from '../../data/load-suite.js'
import type { Json, NewManifest } from '../../store/manifest.js'
import { openRun } from '../../store/open-run.js'
import { openOutputFolder } from '../../store/output-folder.js'
import type { Run } from '../../store/run.js'
import type { CountTokens } from '../summary/digest.js'
import { writeCurationSummary } from '../summary/write-summary.js'
import { PATCH } from '../summary/visual-tokens.js'
import type { CurationSummary } from '../summary/summary.js'
import type { CurationOptions } from '../plan/curation-options.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { drawPlan } from '../plan/draw-plan.js'
import { planSet, type PlannedSet } from '../plan/plan-set.js'
import type { Play } from './attempt-item.js'
import { curateItems } from './curate-items.js'
import { keptRegister, type KeptRegister } from './kept-register.js'
import { curationCounter, type CurationProgress, type ItemEnd } from './progress.js'

/** How a teacher is let work: what a rollout needs besides task, policy and sandbox. */
export type TeacherSettings = Required<
  Pick<RolloutRequest, 'prompt' | 'tools' | 'view' | 'parsing' | 'feedback' | 'limits'>
>

/** What a teacher is told of the plan that it is to play. */
export interface TeacherSources {
  planOf: (taskKey: string) => CurationPlan | undefined
  /** Why its last attempt was given up; null: this is the first. */
  rejectedBecause: (taskKey: string) => string | null
}

export interface RunCurationParameters {
  sources: readonly Suite[]
  createTeacher: (sources: TeacherSources) => Policy
  /** The reasoning of a conversation with names and numbers masked. */
  skeletonOf: (messages: readonly Message<ImageRecord>[]) => string
  /** For the lengths in the summary; absent: characters only. */
  countTokens?: CountTokens | null
  sandbox: Sandbox
  agent: TeacherSettings
  /** Time of a call in trajectories that are to meet their deadline, in milliseconds. */
  provokedTimeoutMs: number
  options: CurationOptions
  /** `create` a new run folder, or `resume` one of the same plan. */
  run: { path: string; mode: 'create' | 'resume' }
  /** What else decides what a trajectory is, such as the teacher's sampling settings. */
  settings?: Record<string, Json>
  /** The whole configuration, for the manifest. */
  config?: Record<string, Json>
  /** Trajectories at the same time. */
  concurrency?: number
  retries?: Retries
  /** Values that must appear in no file. */
  secrets?: readonly string[]
  interrupts?: Interrupts
  /** Keeps what the teacher's server was used for; its `record` is called after each sample. */
  openLedger?: (parameters: { run: Run; policy: Policy }) => Promise<{ record(): Promise<void> }>
  onPlanning?: (rows: number) => void
  onPlanned?: (set: PlannedSet) => void
  onProgress?: (progress: CurationProgress, sample: Sample | null) => void
}

export interface CurationResult {
  /** `incomplete`: some failed for reasons of the infrastructure; `interrupted`: it was asked to stop before all were made. */
  status: 'complete' | 'incomplete' | 'interrupted'
  /** The run folder, absolute. */
  path: string
  summary: CurationSummary
  /** Why it stopped before its end although nobody interrupted it: a cap. Null: it did not. */
  stoppedBy: string | null
}

/** Plans that this version draws; another number: another version draws others from the same options. */
const PLAN_VERSION = 1

/**
 * Make a set of trajectories to learn from (paper, section 3): plans first, then tasks that need them, a teacher that plays them in the sandbox, and a verification of
 * everything that came of it. All of it is kept in a run folder, what was dropped with its reason; a run that was stopped at any moment, kill -9 included, can be resumed and
 * ends with the same set.
 * @throws UsageError for wrong rows or options, or a run that cannot be created or resumed so; ModelError when the teacher's server does not answer before the start;
 *   SandboxError; StoreError for the run folder.
 */
export async function runCuration(parameters: RunCurationParameters): Promise<CurationResult> {
  const { sources, sandbox, agent, options, run: target, onProgress = () => undefined } = parameters
  const { concurrency = 4, retries = RETRIES, secrets = [], interrupts = {} } = parameters
  const { maxPixels } = agent.view
  await expectTarget(target)
  const set = await planSet({
    sources,
    options,
    maxPixels,
    grid: sandbox.profile === 'release' ? PATCH : 1,
    onRow: parameters.onPlanning ?? (() => undefined),
    signal: interrupts.drain,
  })
  parameters.onPlanned?.(set)

  const underway = new Map<string, CurationPlan>()
  const rejections = new Map<string, string>()
  const policy = parameters.createTeacher({
    planOf: (key) => underway.get(key),
    rejectedBecause: (key) => rejections.get(key) ?? null,
  })
  try {
    // Before the folder is made: a server that is not there must not leave an empty run behind.
    await policy.check?.(interrupts.cancel)
    const manifest = await manifestOf({ parameters, set, policy })
    const run = await openRun({ ...target, manifest, secrets })
    try {
      const register = keptRegister({ skeletonOf: parameters.skeletonOf })
      const counter = curationCounter({ planned: set.items.length })
      if (target.mode === 'resume') await readEarlier({ run, set, register, onEnd: counter.addEarlier })
      onProgress(counter.current(), null)
      const ledger = await parameters.openLedger?.({ run, policy })
      const play: Play = ({ task, plan, attempt, signal }) =>
        rollout({
          ...agent,
          limits: { ...agent.limits, timeoutMs: timeoutOf({ plan, parameters }) },
          policy,
          sandbox,
          task,
          epoch: attempt,
          signal,
        })
      const cap = await curateItems({
        run,
        sources,
        items: set.items,
        planFor: ({ index, scheduled: item }) => drawPlan({ item, index, seed: options.seed, maxPixels }),
        play,
        onPlan: (plan, state) => {
          if (state === 'begun') underway.set(plan.taskKey, plan)
          else for (const map of [underway, rejections]) map.delete(plan.taskKey)
        },
        onRejected: ({ plan, detail }) => rejections.set(plan.taskKey, detail),
        register,
        attempts: options.attempts,
        concurrency,
        retries,
        secrets,
        interrupts,
        onSample: async (sample) => {
          await ledger?.record()
          onProgress(counter.add(endOf(sample)), sample)
        },
      })
      await ledger?.record()
      const { skeletonOf, countTokens = null } = parameters
      const summary = await writeCurationSummary({ run, set, options, policy, skeletonOf, countTokens })
      const isOver = summary.decided + summary.unusable === summary.planned
      const isInterrupted = interrupts.drain?.aborted === true || interrupts.cancel?.aborted === true
      return {
        status: isOver ? 'complete' : isInterrupted ? 'interrupted' : 'incomplete',
        path: run.path,
        summary,
        stoppedBy: cap?.message ?? null,
      }
    } finally {
      await run.close()
    }
  } finally {
    await policy.close?.()
  }
}

/** Before hours of rows are read: there is a run to resume, or none in the way and a place to write one. */
async function expectTarget({ path, mode }: RunCurationParameters['run']): Promise<void> {
  const earlier = await openRun({ path, mode: 'read' }).catch((cause: unknown) => {
    if (mode === 'create' && cause instanceof UsageError) return null
    throw cause
  })
  if (mode === 'create' && earlier !== null)
    throw new UsageError(
      `${earlier.path} holds a run already: go on with it (--resume), or choose another folder (--out)`,
    )
  if (mode === 'create') await (await openOutputFolder(path, '--out')).removeIfEmpty()
}

/** What an earlier session has decided: what is kept counts for what may still be. */
async function readEarlier({
  run,
  set,
  register,
  onEnd,
}: {
  run: Run
  set: PlannedSet
  register: KeptRegister
  onEnd: (end: ItemEnd) => void
}): Promise<void> {
  const planned = new Set(set.items.map(({ taskKey }) => sampleKey({ taskKey, epoch: 0 })))
  for await (const sample of run.samples()) {
    if (!planned.has(sample.key) || sample.curation === undefined) continue
    onEnd(endOf(sample))
    if (sample.curation.kept && sample.trajectory !== null) register.add(sample.trajectory)
  }
}

function endOf({ curation }: Sample): ItemEnd {
  if (curation === undefined) return 'failed'
  if (!curation.kept) return 'dropped'
  return curation.corrected.length > 0 ? 'corrected' : 'kept'
}

function timeoutOf({
  plan,
  parameters: { agent, provokedTimeoutMs },
}: {
  plan: CurationPlan
  parameters: RunCurationParameters
}): number {
  const usual = agent.limits.timeoutMs ?? provokedTimeoutMs
  return plan.provocation?.kind === 'timeout' ? Math.min(usual, provokedTimeoutMs) : usual
}

async function manifestOf({
  parameters: { sources, sandbox, options, provokedTimeoutMs, agent, settings = {}, config = {} },
  set,
  policy,
}: {
  parameters: RunCurationParameters
  set: PlannedSet
  policy: Policy
}): Promise<NewManifest> {
  const { runtime, python, containment, ...pixels } = await sandbox.versions()
  return {
    identity: {
      head: {
        suite: sources.map(({ name }) => name).join('+'),
        policy: { name: policy.name, model: policy.model },
        scoring: 'strict',
        judge: 'none',
        epochs: 1,
        planned: set.items.length,
      },
      dataset: { sources: sources.map(({ sha256, count }) => ({ sha256, rows: count })) },
      curation: {
        version: PLAN_VERSION,
        plans: set.sha256,
        seed: options.seed,
        count: options.count,
        mix: { ...options.mix },
        provocations: [...options.provocations],
        attempts: options.attempts,
        timeoutMs: { call: agent.limits.timeoutMs ?? provokedTimeoutMs, provoked: provokedTimeoutMs },
      },
      sandbox: pixels,
      settings,
    },
    config,
    environment: {
      codevision: await packageVersion(),
      gitRevision: await gitRevision(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      sandbox: { runtime, python, containment: { ...containment } },
      data: sources.map(({ path }) => path),
    },
  }
}
