import { readdir } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { containerEnvironment } from '../config/container-environment.js'
import { SandboxPool } from '../sandbox/pool.js'
import type { Runtime } from '../sandbox/runtime.js'
import { DEFAULT_LIMITS, resolveRuntime, type RuntimeChoice } from '../wiring.js'
import { controllerPhase } from './controller-phase.js'
import { footprint, type Footprint } from './footprint.js'
import { killPhase, type Kill } from './kill-phase.js'
import { Probe } from './probe.js'
import { percentiles, rowsOf, type ChaosReport, type ChaosRow } from './report.js'
import { newTally } from './tally.js'
import type { Target } from './victims.js'

export interface RunChaosParameters {
  kills: number
  /** Kills of the controller, after the others. */
  controllers: number
  seed: string
  runtime: RuntimeChoice & string
  clients: number
  concurrency: number
  onProgress: (line: string) => void
}

const PROBES = 2
/** Promised milliseconds until throughput is back, for 95 of 100 kills. */
const PROMISED_MS: Record<Target, number> = { worker: 1_000, zygote: 1_000, host: 1_000, container: 5_000 }
/** With fewer kills the 95th percentile is the worst of them, which one slow moment of a busy machine decides. */
const ENOUGH_KILLS = 10
const QUIET_DEADLINE_MS = 20_000
const MOST_GROWTH_BYTES = 150e6

/** Kill parts of a sandbox, then whole controllers, under a load whose every answer is checked; what broke is in `violations`. */
export async function runChaos(parameters: RunChaosParameters): Promise<ChaosReport> {
  const { kills, controllers, seed, concurrency, clients, onProgress } = parameters
  const exchanges = new Set<string>()
  const runtime = observed(await resolveRuntime(parameters.runtime), exchanges)
  const environment = containerEnvironment()
  const open = (): Promise<SandboxPool> =>
    SandboxPool.open({ runtime, profile: 'standard', limits: DEFAULT_LIMITS, hosts: 1, concurrency })
  const measure = (): Promise<Footprint> => footprint({ runtime: runtime.name, environment })

  // What is loaded or opened once is no leak.
  const tally = newTally()
  const first = await open()
  const warm = new Probe({ concurrency })
  let isWarm = false
  await Promise.all([
    warm.run({ sandbox: first, tally, isOver: () => isWarm }),
    warm.recovery().then(() => (isWarm = true)),
  ])
  await first.close()
  const before = await measure()

  const sandbox = await open()
  const struck: Kill[] = []
  const violations: string[] = []
  let baselineMs: number[] = []
  try {
    ;({ baselineMs } = await killPhase({
      sandbox,
      probe: new Probe({ concurrency }),
      probes: PROBES,
      clients,
      kills,
      seed,
      runtime: runtime.name,
      environment,
      tally,
      onKill: (kill) => {
        struck.push(kill)
        onProgress(
          `${struck.length}/${kills} ${kill.pace} ${kill.target}: back after ${kill.recoveryMs.toFixed(0)} ms`,
        )
      },
    }))
    violations.push(...(await quietViolations(sandbox, exchanges)))
  } catch (error) {
    violations.push(error instanceof Error ? error.message : String(error))
  } finally {
    await sandbox.close()
  }
  const after = await measure()
  violations.push(...tally.violations, ...leaks(before, after))
  const rows = rowsOf(struck)
  violations.push(...rows.flatMap((row) => slow(row)))

  const died =
    controllers > 0
      ? await controllerPhase({ kills: controllers, seed, runtime: runtime.name, environment })
      : null
  violations.push(...(died?.violations ?? []))
  return {
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
    runtime: runtime.name,
    seed,
    baseline: percentiles(baselineMs),
    rows,
    tally,
    controllers: died && { ...died, gone: percentiles(died.goneMs) },
    before,
    after,
    violations,
  }
}

function observed(runtime: Runtime, exchanges: Set<string>): Runtime {
  return {
    ...runtime,
    start: (parameters) => {
      exchanges.add(parameters.exchange)
      return runtime.start(parameters)
    },
  }
}

/** When all sessions are closed nothing may be held any more; what dead hosts left is swept when they are gone. */
async function quietViolations(sandbox: SandboxPool, exchanges: ReadonlySet<string>): Promise<string[]> {
  const deadline = performance.now() + QUIET_DEADLINE_MS
  for (;;) {
    const files = (await Promise.all([...exchanges].map((path) => readdir(path).catch(() => [])))).flat()
    const { sessions, bytes, queued, running } = sandbox.stats()
    if (files.length + sessions + bytes + queued + running === 0) return []
    if (performance.now() > deadline)
      return [
        `after all sessions were closed: ${JSON.stringify({ sessions, bytes, queued, running })}, files ${files.join(', ') || 'none'}`,
      ]
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function leaks(before: Footprint, after: Footprint): string[] {
  return [
    ...(after.hosts > 0 ? [`${after.hosts} hosts run on after close`] : []),
    ...(after.directories > before.directories
      ? [`${after.directories - before.directories} exchange directories are left`]
      : []),
    ...(after.descriptors > before.descriptors + 2
      ? [`descriptors grew from ${before.descriptors} to ${after.descriptors}`]
      : []),
    ...(after.rssBytes > before.rssBytes + MOST_GROWTH_BYTES
      ? [`memory grew from ${before.rssBytes} to ${after.rssBytes} bytes`]
      : []),
  ]
}

function slow({ target, calm }: ChaosRow): string[] {
  if (!calm || calm.count < ENOUGH_KILLS || calm.p95 <= PROMISED_MS[target]) return []
  return [
    `after a ${target} died throughput was back within ${calm.p95.toFixed(0)} ms for 95 of 100, promised are ${PROMISED_MS[target]} ms`,
  ]
}
