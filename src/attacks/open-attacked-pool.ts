import { SandboxPool, type PoolParameters } from '../sandbox/pool.js'
import type { Runtime, SwitchableLayer } from '../sandbox/runtime.js'
import { DEFAULT_LIMITS, resolveRuntime, type RuntimeChoice } from '../wiring.js'

/** Small enough that a flood of pixels ends soon. */
const MAX_PIXELS = 4e6

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
    ...parameters,
  })
  return { pool, runtime: runtime.name, exchanges }
}
