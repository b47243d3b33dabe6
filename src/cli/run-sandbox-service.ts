import type { ToolSettings } from '../config/tool-schema.js'
import type { Sandbox, SandboxProfile } from '../core/sandbox.js'
import { SandboxService } from '../services/sandbox-service.js'
import type { ServiceLimits } from '../services/service-limits.js'
import { createSandbox, loadTools, type RuntimeChoice } from '../wiring.js'
import { runService, type RunServiceParameters } from './run-service.js'

export interface ServeSandboxParameters extends RunServiceParameters {
  runtime: RuntimeChoice
  profiles: readonly SandboxProfile[]
  /** Functions that code may call, under the profiles that know such. */
  tools: readonly ToolSettings[]
  /** Of each profile; undefined: what the runtime offers. */
  hosts: number | undefined
  concurrency: number
  timeoutMs: number
  leaseMs: number
  limits: ServiceLimits
}

/** Serve sandbox sessions until SIGTERM or Ctrl-C; running calls may finish then, a second signal ends them. */
export function serveSandbox({
  runtime,
  profiles,
  tools,
  hosts,
  concurrency,
  timeoutMs,
  leaseMs,
  limits,
  ...listening
}: ServeSandboxParameters): Promise<void> {
  return runService({
    ...listening,
    open: async ({ address, tokens, logger, onWarning, drain, closeAtEnd }) => {
      const sandboxes: Sandbox[] = []
      for (const profile of profiles) {
        const sandbox = await createSandbox({
          ...{ runtime, profile, concurrency, onWarning },
          ...(hosts !== undefined && { hosts }),
          ...(profile === 'standard' && { tools: loadTools(tools) }),
          maxQueue: limits.queue + limits.connections,
          limits: { timeoutMs },
        })
        closeAtEnd(() => sandbox.close())
        sandboxes.push(sandbox)
      }
      if (drain.aborted) return null
      const service = await SandboxService.start({ sandboxes, address, tokens, leaseMs, limits, logger })
      const { runtime: name } = (await sandboxes[0]?.versions()) ?? {}
      return { service, told: `Sandbox service on ${service.url} (${name}; ${profiles.join(', ')})` }
    },
  })
}
