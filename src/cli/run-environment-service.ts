import { once } from 'node:events'
import { destination, pino, type LevelWithSilent } from 'pino'
import { loadEpisodeConfig, type EpisodeConfig, type EpisodeOverrides } from '../config/episode-config.js'
import { packageVersion } from '../config/package-info.js'
import { parseLimit } from '../config/parse-limit.js'
import { readServiceTokens } from '../config/service-tokens.js'
import { asksJudge } from '../core/scorer.js'
import { loadSuite } from '../data/load-suite.js'
import { loadAgentSettings } from '../evaluation/run/agent-settings.js'
import { planTasks } from '../evaluation/run/plan.js'
import { checkScoring } from '../evaluation/scoring/check-scoring.js'
import type { SandboxPool } from '../sandbox/pool.js'
import { requireProtection, type ListenAddress } from '../services/access.js'
import { BearerTokens } from '../services/bearer-tokens.js'
import { EnvironmentService } from '../services/environment/environment-service.js'
import { EpisodeTasks } from '../services/environment/episode-tasks.js'
import type { ServiceLimits } from '../services/service-limits.js'
import { suiteTasks } from '../training/training-tasks.js'
import { loadJudge, openSandboxPool, type RuntimeChoice } from '../wiring.js'
import { createDownloadDisplay } from './download-display.js'
import { listenForInterrupts } from './interrupts.js'
import { tellRetry } from './tell-retry.js'

export interface ServeEnvironmentParameters {
  /** A YAML file, or null: options only. */
  config: string | null
  overrides: EpisodeOverrides
  address: ListenAddress
  tokenFile: string | undefined
  /** Undefined: as the configuration says. */
  runtime: RuntimeChoice | undefined
  hosts: number | undefined
  concurrency: number
  leaseMs: number
  drainMs: number
  limits: ServiceLimits
  logLevel: LevelWithSilent
}

const onWarning = (message: string): void => console.error(message)

/** Serve until SIGTERM or Ctrl-C; turns under way may finish then, a second signal ends them. */
export async function serveEnvironment({
  config: path,
  overrides,
  address,
  tokenFile,
  runtime,
  hosts,
  concurrency,
  leaseMs,
  drainMs,
  limits,
  logLevel,
}: ServeEnvironmentParameters): Promise<void> {
  const logger = pino({ level: logLevel, redact: ['req.headers'] }, destination({ fd: 2, sync: true }))
  const tokens = await readServiceTokens({ file: tokenFile, onWarning })
  requireProtection({ address, tokens: new BearerTokens(tokens) })
  const config = await loadEpisodeConfig({ path, overrides })
  const { tasks, scoring } = await openTasks(config)
  const agent = await loadAgentSettings(config.agent)
  let sandbox: SandboxPool | undefined
  let service: EnvironmentService | undefined
  const interrupts = listenForInterrupts({
    onDrain: () => logger.info({ seconds: drainMs / 1000 }, 'draining'),
    onCancel: () => void service?.cancel(),
  })
  const { drain = new AbortController().signal } = interrupts
  try {
    const pooled = hosts ?? config.sandbox.hosts
    sandbox = await openSandboxPool({
      runtime: runtime ?? config.sandbox.runtime,
      profile: config.sandbox.profile,
      ...{ concurrency, onWarning },
      ...(pooled !== undefined && { hosts: pooled }),
      maxQueue: limits.queue + limits.connections,
    })
    if (drain.aborted) return
    service = await EnvironmentService.start({
      ...{ tasks, sandbox, agent, address, tokens, leaseMs, limits, logger },
      scoring: { ...scoring, reward: config.reward },
      version: await packageVersion(),
    })
    const { runtime: name } = await sandbox.versions()
    const what = `${name}, ${config.sandbox.profile}; ${tasks.count} tasks, reward ${config.reward.variant}`
    console.log(`Environment service on ${service.url} (${what}). Ctrl-C ends it.`)
    if (!drain.aborted) await once(drain, 'abort')
    await service.drain({ graceMs: drainMs })
    logger.info('ended')
  } finally {
    interrupts.stop()
    await sandbox?.close()
  }
}

async function openTasks({
  suite: named,
  data,
  transforms,
  limit,
  seed,
  scoring: profile,
  judge: judgeConfig,
}: EpisodeConfig) {
  const downloads = createDownloadDisplay()
  const suite = await loadSuite({
    suite: named ?? data ?? '',
    ...(data !== undefined && { data }),
    ...(transforms !== undefined && { transforms }),
    seed,
    onProgress: downloads.update,
  }).finally(downloads.stop)
  const selection = {
    limit: limit === undefined ? null : parseLimit(String(limit)),
    sampleIds: null,
    shard: null,
  }
  const plan = await planTasks({ suite, selection })
  plan.notices.forEach(onWarning)
  const tasks = suiteTasks({ suite, plan })
  const chosen = profile ?? suite.definition?.scoring ?? 'codevision'
  const isJudged = asksJudge({ profile: chosen, scorer: tasks.scorer })
  const judge = isJudged ? loadJudge(judgeConfig, { onRetry: tellRetry, onWarning }) : null
  const { scoring, notice } = await checkScoring({ suite, plan, scoring: { profile: chosen, judge } })
  if (notice !== null) onWarning(notice)
  await judge?.check()
  const keys = plan.tasks.map(({ key }) => key)
  return { tasks: new EpisodeTasks({ tasks, keys }), scoring: { scoring, scorer: tasks.scorer } }
}
