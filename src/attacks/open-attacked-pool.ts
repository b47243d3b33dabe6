import type { HostTool, HostTools } from '../core/host-tool.js'
import { SandboxPool, type PoolParameters } from '../sandbox/pool.js'
import type { Runtime, SwitchableLayer } from '../sandbox/runtime.js'
import { DEFAULT_LIMITS, resolveRuntime, type RuntimeChoice } from '../wiring.js'

/** Small enough that a flood of pixels ends soon. */
const MAX_PIXELS = 4e6

const echo: HostTool = {
  parameters: { note: 'string', image: { type: 'image', optional: true } },
  result: 'json',
  limits: { maxCalls: 5 },
  call: ({ note }) => Promise.resolve(note),
}

/** What the code may ask: something that gives back what it got, the same for as often as one likes, and something that never answers. */
const TOOLS: HostTools = {
  echo,
  chat: { ...echo, limits: { maxCalls: 10_000, maxPerMinute: 10_000 } },
  silent: {
    parameters: {},
    result: 'json',
    limits: { timeoutMs: 300 },
    call: () => new Promise(() => undefined),
  },
}

export interface AttackedPool {
  pool: SandboxPool
  runtime: string
  /** The exchange directories of its hosts. */
  exchanges: readonly string[]
}

/** A sandbox to be attacked, with some layers of its workers left out where that is asked for: no caller of `createSandbox` can do so. */
export async function openAttackedPool({
  runtime: choice,
  without = [],
  ...parameters
}: {
  runtime: RuntimeChoice
  without?: readonly SwitchableLayer[]
} & Partial<Pick<PoolParameters, 'standby' | 'maxBytes' | 'maxQueue'>>): Promise<AttackedPool> {
  const runtime = await resolveRuntime(choice)
  const exchanges: string[] = []
  const weakened: Runtime = {
    ...runtime,
    async start(start) {
      if (!exchanges.includes(start.exchange)) exchanges.push(start.exchange)
      return runtime.start({ ...start, without })
    },
  }
  const pool = await SandboxPool.open({
    runtime: weakened,
    profile: 'standard',
    limits: { ...DEFAULT_LIMITS, maxResultPixels: MAX_PIXELS, maxInputPixels: MAX_PIXELS },
    hosts: 1,
    concurrency: 2,
    tools: TOOLS,
    ...parameters,
  })
  return { pool, runtime: runtime.name, exchanges }
}
