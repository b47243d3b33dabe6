import { loadEpisodeConfig, type EpisodeConfig, type EpisodeOverrides } from '../config/episode-config.js'
import { packageVersion } from '../config/package-info.js'
import { loadAgentSettings } from '../evaluation/run/agent-settings.js'
import { EnvironmentService } from '../services/environment/environment-service.js'
import { EpisodeTasks } from '../services/environment/episode-tasks.js'
import type { ServiceLimits } from '../services/service-limits.js'
import { openScoring, openTasks } from '../open-tasks.js'
import { loadTools, openSandboxPool, type RuntimeChoice } from '../wiring.js'
import { createDownloadDisplay } from './download-display.js'
import { runService, type RunServiceParameters } from './run-service.js'
import { createRetryNotice } from './retry-notice.js'

export interface ServeEnvironmentParameters extends RunServiceParameters {
  /** A YAML file, or null: options only. */
  config: string | null
  overrides: EpisodeOverrides
  /** Undefined: as the configuration says. */
  runtime: RuntimeChoice | undefined
  hosts: number | undefined
  concurrency: number
  leaseMs: number
  limits: ServiceLimits
}

/** Serve episodes until SIGTERM or Ctrl-C; turns under way may finish then, a second signal ends them. */
export function serveEnvironment({
  config: path,
  overrides,
  runtime,
  hosts,
  concurrency,
  leaseMs,
  limits,
  ...listening
}: ServeEnvironmentParameters): Promise<void> {
  return runService({
    ...listening,
    open: async ({ address, tokens, logger, onWarning, drain, closeAtEnd }) => {
      const config = await loadEpisodeConfig({ path, overrides })
      const { tasks, scoring } = await openEpisodes({ config, onWarning })
      const tools = loadTools(config.sandbox.tools)
      const agent = await loadAgentSettings(config.agent, tools)
      const pooled = hosts ?? config.sandbox.hosts
      const sandbox = await openSandboxPool({
        runtime: runtime ?? config.sandbox.runtime,
        profile: config.sandbox.profile,
        ...{ concurrency, tools, onWarning },
        ...(pooled !== undefined && { hosts: pooled }),
        maxQueue: limits.queue + limits.connections,
      })
      closeAtEnd(() => sandbox.close())
      if (drain.aborted) return null
      const service = await EnvironmentService.start({
        ...{ tasks, sandbox, agent, address, tokens, leaseMs, limits, logger },
        scoring: { ...scoring, reward: config.reward },
        version: await packageVersion(),
      })
      const { runtime: name } = await sandbox.versions()
      const what = `${name}, ${config.sandbox.profile}; ${tasks.count} tasks, reward ${config.reward.variant}`
      return { service, told: `Environment service on ${service.url} (${what})` }
    },
  })
}

async function openEpisodes({
  config,
  onWarning,
}: {
  config: EpisodeConfig
  onWarning: (message: string) => void
}) {
  const downloads = createDownloadDisplay()
  const opened = await openTasks({ ...config, onWarning, onDownload: downloads.update }).finally(
    downloads.stop,
  )
  const { plan, tasks } = opened
  const scoring = await openScoring({ ...config, opened, onRetry: createRetryNotice(), onWarning })
  const keys = plan.tasks.map(({ key }) => key)
  return { tasks: new EpisodeTasks({ tasks, keys }), scoring: { scoring, scorer: tasks.scorer } }
}
