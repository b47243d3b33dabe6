import { secrets } from '../config/environment.js'
import type { EvaluationConfig } from '../config/evaluation-config.js'
import { loadSuite } from '../data/load-suite.js'
import { loadAgentSettings } from '../evaluation/agent-settings.js'
import { settingsIdentity } from '../evaluation/settings-identity.js'
import { runEvaluation, type EvaluationResult } from '../evaluation/run-evaluation.js'
import { renderTable } from '../evaluation/table.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { Json } from '../store/manifest.js'
import { loadJudge, loadPolicy, openSandboxPool } from '../wiring.js'
import { listenForInterrupts } from './interrupts.js'
import { createProgressDisplay } from './progress-display.js'
import { rewardRun } from './reward-run.js'

export interface EvaluateConfigParameters {
  config: EvaluationConfig
  run: { path: string; mode: 'create' | 'resume' }
  /** Command that goes on with the run when it was stopped. */
  resumeCommand: string
}

/** Run one evaluation with progress on stderr and the table on stdout; closes whatever it opened. */
export async function evaluateConfig({
  config,
  run,
  resumeCommand,
}: EvaluateConfigParameters): Promise<EvaluationResult> {
  const warn = (message: string): void => console.error(message)
  const suite = await loadSuite({
    suite: config.suite ?? config.data ?? '',
    ...(config.data !== undefined && { data: config.data }),
  })
  const agent = await loadAgentSettings(config.agent)
  const onRetry = ({ error, delayMs }: { error: Error; delayMs: number }): void =>
    warn(`${firstLine(error.message)} Trying again in ${(delayMs / 1000).toFixed(1)} s.`)
  const judge = loadJudge(config.judge, { onRetry })
  const policy = await loadPolicy(config.policy, { onRetry, seed: config.seed })
  const display = createProgressDisplay({ name: suite.name })
  const interrupts = listenForInterrupts({
    onDrain: () =>
      warn(`\nFinishing what is running; Ctrl-C again ends it. To go on later: ${resumeCommand}`),
    onCancel: () => warn('\nStopping.'),
  })
  let sandbox: SandboxPool | undefined
  try {
    sandbox = await openSandboxPool({
      runtime: config.sandbox.runtime,
      profile: config.sandbox.profile,
      ...(config.sandbox.hosts !== undefined && { hosts: config.sandbox.hosts }),
      onWarning: warn,
    })
    const result = await runEvaluation({
      suite,
      policy,
      sandbox,
      agent,
      scoring: { profile: config.scoring, judge },
      run,
      settings: settingsIdentity(config),
      config: config as unknown as Record<string, Json>,
      selection: { limit: config.limit, sampleIds: config.sampleIds, shard: config.shard },
      epochs: config.epochs,
      concurrency: config.concurrency,
      retries: { count: config.retries, delayMs: 1_000 },
      secrets: secrets(),
      interrupts,
      onProgress: (progress) => display.update(progress),
    })
    display.stop()
    console.log(`\n${renderTable(result.summary)}\n`)
    if (result.duplicates > 0)
      console.log(`${result.duplicates} rows repeat an earlier one and were asked once.`)
    if (config.reward !== undefined && result.status !== 'interrupted')
      await rewardRun({ path: result.path, reward: config.reward, analyzer: sandbox })
    if (result.status !== 'complete') console.log(`To go on: ${resumeCommand}`)
    console.log(`Run: ${result.path}`)
    return result
  } finally {
    display.stop()
    interrupts.stop()
    await policy.close?.()
    await sandbox?.close()
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}
