import { secrets } from '../config/environment.js'
import type { EvaluationConfig } from '../config/evaluation-config.js'
import { closeAfter } from '../core/close-after.js'
import { endingOf } from '../core/sample.js'
import type { Policy } from '../core/policy.js'
import { asksJudge } from '../core/scorer.js'
import { loadSuite, type Suite } from '../data/load-suite.js'
import { checkBaselineHead } from '../evaluation/baseline/check-baseline.js'
import type { Baseline } from '../evaluation/baseline/read-baseline.js'
import { recordedConfig } from '../config/recorded-config.js'
import type { Interrupts } from '../evaluation/run/evaluate.js'
import { loadAgentSettings } from '../evaluation/run/agent-settings.js'
import { settingsIdentity } from '../evaluation/run/settings-identity.js'
import { describeJudgeUsage, describePolicyUsage } from '../evaluation/run/model-usage.js'
import { recordedOrigin } from '../evaluation/run/recorded-origin.js'
import { runEvaluation, type EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { renderFailures } from '../evaluation/run/failures.js'
import { probeSandbox } from '../evaluation/run/probe-sandbox.js'
import { renderTable } from '../evaluation/table/table.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { Json } from '../store/manifest.js'
import { BEGIN_IT, expectRun } from '../store/expect-run.js'
import { openRun } from '../store/open-run.js'
import { loadJudge, loadPolicy, loadTools, openSandboxPool } from '../wiring.js'
import { createDownloadDisplay } from './download-display.js'
import { listenToFinish } from './interrupts.js'
import { createProgressDisplay } from './progress-display.js'
import { rewardRun } from './reward-run.js'
import { createRetryNotice } from './retry-notice.js'

export interface EvaluateConfigParameters {
  config: EvaluationConfig
  run: { path: string; mode: 'create' | 'resume' }
  /** Command that goes on with the run when it was stopped. */
  resumeCommand: string
  /** Figures that the run will be held against: refused before the start where they are of another suite, scoring or judge. */
  baseline?: Baseline
  /** Rows that are open already, to be taken instead of those that the configuration names. */
  rows?: Suite
  /** What stands between the rollouts and the policy that the configuration names. */
  through?: (policy: Policy) => Policy
  /** Of a command that listens for Ctrl-C itself, since it evaluates more than once; else it is listened for once the policy is there. */
  interrupts?: Interrupts
}

/** Run one evaluation with progress on stderr and the table on stdout; closes whatever it opened. */
export async function evaluateConfig({
  config,
  run,
  resumeCommand,
  baseline,
  rows,
  through = (one) => one,
  interrupts: given,
}: EvaluateConfigParameters): Promise<EvaluationResult> {
  const warn = (message: string): void => console.error(message)
  const suite = rows ?? (await openRows({ config, run }))
  const scoring = config.scoring ?? suite.definition?.scoring ?? 'codevision'
  const tools = loadTools(config.sandbox.tools)
  const agent = await loadAgentSettings(config.agent, tools)
  const { cache, shard, seed, concurrency } = config
  const server = { onRetry: createRetryNotice(), cache, shard, onWarning: warn }
  const isJudged = asksJudge({ profile: scoring, scorer: suite.definition?.scorer ?? 'none' })
  if (config.judge !== 'none' && !isJudged)
    warn(`The judge ${config.judge.model} is left out: profile ${scoring} decides by its own rules here.`)
  const judge = isJudged ? loadJudge(config.judge, server) : null
  const policy = through(await loadPolicy(config.policy, { ...server, seed, concurrency }))
  const display = createProgressDisplay({ name: suite.name })
  const own = given === undefined ? listenToFinish({ again: resumeCommand, path: run.path }) : null
  const interrupts = given ?? own ?? {}
  // One reason of each kind: with a server gone, thousands of samples would say the same.
  const told = new Set<string>()
  let sandbox: SandboxPool | undefined
  return closeAfter({
    work: async () => {
      sandbox = await openSandboxPool({
        runtime: config.sandbox.runtime,
        profile: config.sandbox.profile,
        ...(config.sandbox.hosts !== undefined && { hosts: config.sandbox.hosts }),
        tools,
        onWarning: warn,
      })
      await probeSandbox({ sandbox, ...(interrupts.cancel && { signal: interrupts.cancel }) })
      const result = await runEvaluation({
        suite,
        policy,
        sandbox,
        agent,
        scoring: { profile: scoring, judge },
        run,
        settings: settingsIdentity(config),
        config: { ...recordedConfig({ config }), scoring } as unknown as Record<string, Json>,
        selection: { limit: config.limit, sampleIds: config.sampleIds, shard: config.shard },
        epochs: config.epochs,
        concurrency: config.concurrency,
        ...(config.stopAfterFailures !== undefined && { stopAfterFailures: config.stopAfterFailures }),
        retries: { count: config.retries, delayMs: 1_000 },
        secrets: secrets(),
        interrupts,
        onNotices: tellNotices,
        onHead: (head) => {
          if (baseline !== undefined) checkBaselineHead({ baseline, head })
        },
        onProgress: (progress, sample) => {
          display.update(progress)
          if (sample === null || sample.error === null) return
          const ending = endingOf(sample)
          if (told.has(ending)) return
          told.add(ending)
          warn(`First ${ending}: ${firstLine(sample.error.message)}`)
        },
      })
      display.stop()
      console.log(`\n${renderTable(result.summary)}\n`)
      if (result.policyUsage !== null) console.log(describePolicyUsage(result.policyUsage))
      if (result.judgeUsage !== null) console.log(describeJudgeUsage(result.judgeUsage))
      if (result.duplicates > 0)
        console.log(`${result.duplicates} rows repeat an earlier one and were asked once.`)
      const reasons = renderFailures(result.failures)
      if (reasons.length > 0) console.log(`${reasons.join('\n')}\n`)
      // Of a run that was stopped, some groups lack rollouts that are still to come.
      const isOver = result.status !== 'interrupted' && result.stoppedBy === null
      if (config.reward !== undefined && isOver)
        await rewardRun({ path: result.path, reward: config.reward, analyzer: sandbox })
      if (result.stoppedBy !== null) console.log(`Stopped: ${result.stoppedBy} What is finished is kept.`)
      const { planned, overall } = result.summary
      if (overall.n + overall.unusable < planned)
        console.log(`To go on${HOW_TO_GO_ON[result.stopKind ?? 'none']}: ${resumeCommand}`)
      console.log(`Run: ${result.path}`)
      return result
    },
    close: [
      () => {
        display.stop()
        own?.stop()
      },
      () => policy.close?.(),
      () => sandbox?.close(),
    ],
  })
}

const HOW_TO_GO_ON = { cap: ', with a higher cap', server: ', once the server answers', none: '' } as const

async function openRows({
  config: { suite, data, transforms, seed },
  run,
}: Pick<EvaluateConfigParameters, 'config' | 'run'>): Promise<Suite> {
  const downloads = createDownloadDisplay()
  if (run.mode === 'resume') await expectRun(run.path, BEGIN_IT)
  const earlier =
    run.mode === 'resume' ? recordedOrigin(await openRun({ path: run.path, mode: 'read' })) : null
  return loadSuite({
    suite: suite ?? data ?? '',
    ...(data !== undefined && { data }),
    transforms,
    seed,
    earlier,
    onProgress: downloads.update,
  }).finally(downloads.stop)
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}

const SHOWN_NOTICES = 5

function tellNotices(notices: readonly string[]): void {
  for (const notice of notices.slice(0, SHOWN_NOTICES)) console.error(notice)
  const more = notices.length - SHOWN_NOTICES
  if (more > 0) console.error(`… and ${more} more such notices`)
}
