import { once } from 'node:events'
import { destination, pino, type LevelWithSilent } from 'pino'
import { readServiceTokens } from '../config/service-tokens.js'
import type { ToolSettings } from '../config/tool-schema.js'
import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import { requireProtection, type ListenAddress } from '../services/access.js'
import { BearerTokens } from '../services/bearer-tokens.js'
import { SandboxService } from '../services/sandbox-service.js'
import type { ServiceLimits } from '../services/service-limits.js'
import { createSandbox, loadTools, type RuntimeChoice } from '../wiring.js'
import { listenForInterrupts } from './interrupts.js'

export interface ServeSandboxParameters {
  address: ListenAddress
  tokenFile: string | undefined
  runtime: RuntimeChoice
  profiles: readonly SandboxProfile[]
  /** Functions that code may call, under the profiles that know such. */
  tools: readonly ToolSettings[]
  /** Of each profile; undefined: what the runtime offers. */
  hosts: number | undefined
  concurrency: number
  timeoutMs: number
  leaseMs: number
  drainMs: number
  limits: ServiceLimits
  logLevel: LevelWithSilent
}

/** Serve until SIGTERM or Ctrl-C; running calls may finish then, a second signal ends them. */
export async function serveSandbox({
  address,
  tokenFile,
  runtime,
  profiles,
  tools,
  hosts,
  concurrency,
  timeoutMs,
  leaseMs,
  drainMs,
  limits,
  logLevel,
}: ServeSandboxParameters): Promise<void> {
  const logger = pino({ level: logLevel, redact: ['req.headers'] }, destination({ fd: 2, sync: true }))
  const onWarning = (message: string): void => console.error(message)
  const tokens = await readServiceTokens({ file: tokenFile, onWarning })
  requireProtection({ address, tokens: new BearerTokens(tokens) })
  const sandboxes: Sandbox[] = []
  let service: SandboxService | undefined
  const interrupts = listenForInterrupts({
    onDrain: () => logger.info({ seconds: drainMs / 1000 }, 'draining'),
    onCancel: () => void service?.cancel(),
  })
  const { drain = new AbortController().signal } = interrupts
  try {
    for (const profile of profiles)
      sandboxes.push(
        await createSandbox({
          ...{ runtime, profile, concurrency, onWarning },
          ...(hosts !== undefined && { hosts }),
          ...(profile === 'standard' && { tools: loadTools(tools) }),
          maxQueue: limits.queue + limits.connections,
          limits: { timeoutMs },
        }),
      )
    if (drain.aborted) return
    service = await SandboxService.start({ sandboxes, address, tokens, leaseMs, limits, logger })
    const { runtime: name } = (await sandboxes[0]?.versions()) ?? {}
    console.log(`Sandbox service on ${service.url} (${name}; ${profiles.join(', ')}). Ctrl-C ends it.`)
    if (!drain.aborted) await once(drain, 'abort')
    await service.drain({ graceMs: drainMs })
    logger.info('ended')
  } finally {
    interrupts.stop()
    for (const sandbox of sandboxes) await sandbox.close()
  }
}
