import type { SandboxPool } from '../sandbox/pool.js'
import type { RewardLimits } from '../services/reward-limits.js'
import { RewardService } from '../services/reward-service.js'
import { openSandboxPool, type RuntimeChoice } from '../wiring.js'
import { runService, type RunServiceParameters } from './run-service.js'

export interface ServeRewardParameters extends RunServiceParameters {
  /** Where the text of calls is read; null: nowhere. */
  sandbox: RuntimeChoice | null
  limits: RewardLimits
}

/** Reading 128 calls takes a few milliseconds; a text that takes so long is made for it. */
const READING_TIMEOUT_MS = 3_000

/** Serve rewards until SIGTERM or Ctrl-C; requests under way may finish then, a second signal ends them. */
export function serveReward({
  sandbox: runtime,
  limits,
  ...listening
}: ServeRewardParameters): Promise<void> {
  return runService({
    ...listening,
    open: async ({ address, tokens, logger, onWarning, drain, closeAtEnd }) => {
      let sandbox: SandboxPool | null = null
      if (runtime !== null) {
        sandbox = await openSandboxPool({ runtime, onWarning, limits: { timeoutMs: READING_TIMEOUT_MS } })
        closeAtEnd(sandbox.close.bind(sandbox))
      }
      if (drain.aborted) return null
      const service = await RewardService.start({ address, tokens, analyzer: sandbox, limits, logger })
      const reads =
        sandbox === null ? 'observed' : `observed, static in ${(await sandbox.versions()).runtime}`
      return { service, told: `Reward service on ${service.url} (${reads})` }
    },
  })
}
