import { once } from 'node:events'
import { destination, pino, type LevelWithSilent } from 'pino'
import { loadEpisodeConfig, type EpisodeConfig, type EpisodeOverrides } from '../config/episode-config.js'
import { packageVersion } from '../config/package-info.js'
import { readServiceTokens } from '../config/service-tokens.js'
import { loadAgentSettings } from '../evaluation/run/agent-settings.js'
import type { SandboxPool } from '../sandbox/pool.js'
import { requireProtection, type ListenAddress } from '../services/access.js'
import { BearerTokens } from '../services/bearer-tokens.js'
import { EnvironmentService } from '../services/environment/environment-service.js'
import { EpisodeTasks } from '../services/environment/episode-tasks.js'
import type { ServiceLimits } from '../services/service-limits.js'
import { openSandboxPool, type RuntimeChoice } from '../wiring.js'
import { listenForInterrupts } from './interrupts.js'
import { openScoring, openTasks } from './open-tasks.js'

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
  const { tasks, scoring } = await openEpisodes(config)
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

async function openEpisodes(config: EpisodeConfig) {
  const opened = await openTasks({ ...config, onWarning })
  const { plan, tasks } = opened
  const scoring = await openScoring({ ...config, opened, onWarning })
  const keys = plan.tasks.map(({ key }) => key)
  return { tasks: new EpisodeTasks({ tasks, keys }), scoring: { scoring, scorer: tasks.scorer } }
}
