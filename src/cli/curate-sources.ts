import { secrets } from '../config/environment.js'
import { loadEvaluationConfig, type EvaluationConfig } from '../config/evaluation-config.js'
import { closeAfter } from '../core/close-after.js'
import { PROVOCATIONS } from '../core/curation.js'
import { UsageError } from '../core/errors.js'
import type { Policy } from '../core/policy.js'
import { checkCurationOptions, DEFAULT_MIX, parseMix } from '../curation/plan/curation-options.js'
import { defaultView } from '../curation/plan/default-view.js'
import type { PlannedSet } from '../curation/plan/plan-set.js'
import { runCuration, type CurationResult, type TeacherSources } from '../curation/run/run-curation.js'
import type { CountTokens } from '../curation/summary/digest.js'
import { renderCuration } from '../curation/summary/table.js'
import { createHintedTeacher } from '../curation/teacher/hinted-teacher.js'
import { createScriptedTeacher } from '../curation/teacher/scripted-teacher.js'
import { skeletonOf } from '../curation/teacher/skeleton-of.js'
import { loadSuite, type Suite } from '../data/load-suite.js'
import { agentIdentity, loadAgentSettings } from '../evaluation/run/agent-settings.js'
import { describePolicyUsage } from '../evaluation/run/model-usage.js'
import { probeSandbox } from '../evaluation/run/probe-sandbox.js'
import { settingsIdentity } from '../evaluation/run/settings-identity.js'
import { openUsageLedger } from '../evaluation/run/usage-ledger.js'
import { loadTokenizer } from '../models/tokenizer/load-tokenizer.js'
import { writeCurationPage } from '../report/curation/write-curation-page.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { Json } from '../store/manifest.js'
import { loadPolicy, openSandboxPool } from '../wiring.js'
import { createCurationDisplay, createPlanningDisplay } from './curation-display.js'
import type { CurateArguments } from './data-curate.js'
import { createDownloadDisplay } from './download-display.js'
import { listenToFinish } from './interrupts.js'
import { policyOverrides } from './policy-options.js'
import { resumeCommand } from './resume-command.js'
import { createRetryNotice } from './retry-notice.js'

const warn = (message: string): void => console.error(message)

/** Make one set with progress on stderr and its figures on stdout; closes whatever it opened. */
export async function curateSources(given: CurateArguments): Promise<CurationResult['status']> {
  const options = checkCurationOptions({
    count: given.count,
    seed: given.seed,
    mix: given.mix === undefined ? DEFAULT_MIX : parseMix(given.mix),
    provocations: given.provocations ?? PROVOCATIONS,
    attempts: given.attempts,
  })
  const provokedTimeoutMs = given['provoked-timeout'] * 1000
  if (!(provokedTimeoutMs > 0))
    throw new UsageError(`--provoked-timeout: expected seconds above 0, got ${given['provoked-timeout']}`)
  const countTokens = await tokenCounter(given.tokenizer)
  const sources = await loadSources(given.source)
  const config = await configOf({ given, view: given['max-pixels'] ?? (await defaultView(sources)) })
  const agent = await loadAgentSettings(config.agent)
  const again = resumeCommand()
  const planning = createPlanningDisplay({ rows: sources.reduce((total, { count }) => total + count, 0) })
  const display = createCurationDisplay()
  const interrupts = listenToFinish({ again, path: given.out })
  const model = given.teacher === 'openai' ? await modelOf({ config, given }) : null
  const rejected = new Set<string>()
  let sandbox: SandboxPool | undefined
  return closeAfter({
    work: async () => {
      const { runtime, profile, hosts } = config.sandbox
      sandbox = await openSandboxPool({
        runtime,
        profile,
        ...(hosts !== undefined && { hosts }),
        onWarning: warn,
      })
      await probeSandbox({ sandbox, signal: interrupts.cancel })
      const result = await runCuration({
        sources,
        createTeacher: (asked) => teacherOf({ model, asked }),
        skeletonOf,
        countTokens,
        sandbox,
        agent,
        provokedTimeoutMs,
        options,
        run: { path: given.out, mode: given.resume ? 'resume' : 'create' },
        settings: {
          agent: agentIdentity(agent),
          teacher: model === null ? {} : (settingsIdentity({ ...config, judge: 'none' }).policy ?? {}),
        },
        config: JSON.parse(
          JSON.stringify({ ...config, options, sources: given.source, teacher: given.teacher }),
        ) as Record<string, Json>,
        concurrency: given.concurrency,
        retries: { count: config.retries, delayMs: 1_000 },
        secrets: secrets(),
        interrupts,
        openLedger: ({ run, policy }) =>
          openUsageLedger({ run, accounts: { policy: policy.account, judge: undefined } }),
        onPlanning: planning.update,
        onPlanned: (set) => {
          planning.stop()
          tellPlanned({ set, maxPixels: agent.view.maxPixels })
        },
        onProgress: (progress, sample) => {
          display.update(progress)
          const dropped = sample?.curation?.dropped
          const reason = dropped?.reason ?? sample?.outcome
          // One of each kind: of thousands, the others would say the same.
          if (!reason || rejected.has(reason) || (!dropped && !sample?.error)) return
          rejected.add(reason)
          warn(`First ${reason}: ${(dropped?.detail ?? sample?.error?.message ?? '').split('\n')[0]}`)
        },
      })
      display.stop()
      const page = await writeCurationPage({ path: result.path })
      console.log(`\n${renderCuration(result.summary)}\n`)
      if (model?.account !== undefined) {
        const { tally } = model.account
        console.log(describePolicyUsage({ model: model.model, ...tally, cost: model.account.costOf(tally) }))
      }
      if (result.stoppedBy !== null) console.log(`Stopped: ${result.stoppedBy} What is finished is kept.`)
      if (result.status !== 'complete')
        console.log(`To go on${result.stoppedBy === null ? '' : ', with a higher cap'}: ${again}`)
      console.log(`Run:  ${result.path}`)
      console.log(`Page: ${page.file}`)
      return result.status
    },
    close: [
      () => {
        planning.stop()
        display.stop()
        interrupts.stop()
      },
      () => model?.close?.(),
      () => sandbox?.close(),
    ],
  })
}

/** Null without a tokenizer. @throws UsageError when the folder has none. */
async function tokenCounter(directory: string | undefined): Promise<CountTokens | null> {
  if (directory === undefined) return null
  const { encode } = await loadTokenizer(directory)
  return (text) => encode(text).length
}

async function loadSources(names: readonly string[]): Promise<Suite[]> {
  const downloads = createDownloadDisplay()
  try {
    const sources: Suite[] = []
    for (const suite of names) sources.push(await loadSuite({ suite, onProgress: downloads.update }))
    return sources
  } finally {
    downloads.stop()
  }
}

/** How an evaluation of the same model would be set up: its options mean the same here. */
async function configOf({
  given,
  view,
}: {
  given: CurateArguments
  view: number
}): Promise<EvaluationConfig> {
  if (given.teacher === 'openai' && given.model === undefined)
    throw new UsageError('--teacher openai: expected the name of its model with --model')
  if (given.teacher === 'scripted' && given.model !== undefined)
    throw new UsageError(`--model ${given.model}: the scripted teacher has no model; add --teacher openai`)
  const overrides = policyOverrides({
    ...given,
    policy: given.teacher === 'openai' ? 'openai' : 'tesseract',
    native: undefined,
    replay: undefined,
    tools: undefined,
    'max-pixels': view,
  })
  return loadEvaluationConfig({
    path: null,
    overrides: {
      ...overrides,
      ...(given.prices !== undefined && { prices: given.prices }),
      data: given.source[0],
      judge: 'none',
      cache: given.cache,
      concurrency: given.concurrency,
    },
  })
}

function modelOf({ config, given }: { config: EvaluationConfig; given: CurateArguments }): Promise<Policy> {
  const { cache, seed } = config
  return loadPolicy(config.policy, {
    onRetry: createRetryNotice(),
    cache,
    onWarning: warn,
    seed,
    concurrency: given.concurrency,
  })
}

function teacherOf({ model, asked }: { model: Policy | null; asked: TeacherSources }): Policy {
  return model === null ? createScriptedTeacher(asked) : createHintedTeacher({ policy: model, ...asked })
}

const SHOWN_REASONS = 5

function tellPlanned({
  set: { items, rows, unused, notices },
  maxPixels,
}: {
  set: PlannedSet
  maxPixels: number
}): void {
  const count = Object.values(unused).reduce((total, number) => total + number, 0)
  warn(
    `${items.length} trajectories planned from ${rows - count} of ${rows} rows; a view has at most ${maxPixels} pixels.`,
  )
  for (const [reason, number] of Object.entries(unused).slice(0, SHOWN_REASONS))
    warn(`  ${number} × ${reason}`)
  for (const notice of notices) warn(notice)
}
