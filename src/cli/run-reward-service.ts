import { once } from 'node:events'
import { destination, pino, type LevelWithSilent } from 'pino'
import { readServiceTokens } from '../config/service-tokens.js'
import type { SandboxPool } from '../sandbox/pool.js'
import { requireProtection, type ListenAddress } from '../services/access.js'
import { BearerTokens } from '../services/bearer-tokens.js'
import type { RewardLimits } from '../services/reward-limits.js'
import { RewardService } from '../services/reward-service.js'
import { openSandboxPool, type RuntimeChoice } from '../wiring.js'
import { listenForInterrupts } from './interrupts.js'

export interface ServeRewardParameters {
  address: ListenAddress
  tokenFile: string | undefined
  /** Where the text of calls is read; null: nowhere. */
  sandbox: RuntimeChoice | null
  limits: RewardLimits
  drainMs: number
  logLevel: LevelWithSilent
}

/** Reading 128 calls takes a few milliseconds; a text that takes so long is made for it. */
const READING_TIMEOUT_MS = 3_000

/** Serve until SIGTERM or Ctrl-C; requests under way may finish then, a second signal ends them. */
export async function serveReward({
  address,
  tokenFile,
  sandbox: runtime,
  limits,
  drainMs,
  logLevel,
}: ServeRewardParameters): Promise<void> {
  const logger = pino({ level: logLevel, redact: ['req.headers'] }, destination({ fd: 2, sync: true }))
  const onWarning = (message: string): void => console.error(message)
  const tokens = await readServiceTokens({ file: tokenFile, onWarning })
  requireProtection({ address, tokens: new BearerTokens(tokens) })
  let sandbox: SandboxPool | null = null
  let service: RewardService | undefined
  const interrupts = listenForInterrupts({
    onDrain: () => logger.info({ seconds: drainMs / 1000 }, 'draining'),
    onCancel: () => void service?.cancel(),
  })
  const { drain = new AbortController().signal } = interrupts
  try {
    if (runtime !== null)
      sandbox = await openSandboxPool({ runtime, onWarning, limits: { timeoutMs: READING_TIMEOUT_MS } })
    if (drain.aborted) return
    service = await RewardService.start({ address, tokens, analyzer: sandbox, limits, logger })
    const reads = sandbox === null ? 'observed' : `observed, static in ${(await sandbox.versions()).runtime}`
    console.log(`Reward service on ${service.url} (${reads}). Ctrl-C ends it.`)
    if (!drain.aborted) await once(drain, 'abort')
    await service.drain({ graceMs: drainMs })
    logger.info('ended')
  } finally {
    interrupts.stop()
    await sandbox?.close()
  }
}
