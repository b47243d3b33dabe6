import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../data/demo/random.js'
import { isRunning, type ProcessRow, processTable } from './process-table.js'
import { findHosts, type ContainedHost } from './victims.js'

export interface ControllerPhaseParameters {
  kills: number
  seed: string
  runtime: string
  environment: Readonly<Record<string, string>>
}

export interface ControllerPhaseResult {
  kills: number
  /** Milliseconds until every process of the dead controller was gone. */
  goneMs: number[]
  violations: string[]
}

const GONE_DEADLINE_MS = 15_000
const SHARED_MEMORY = '/dev/shm'

/**
 * Kill the controller itself: a process of its own that runs the same load. Its processes and containers must end, and its exchange directory must be
 * gone after the next one has started.
 */
export async function controllerPhase({
  kills,
  seed,
  runtime,
  environment,
}: ControllerPhaseParameters): Promise<ControllerPhaseResult> {
  const random = createRandom({ seed: `${seed} controllers` })
  const goneMs: number[] = []
  const violations: string[] = []
  let before: string[] = []
  for (let number = 0; number < kills; number += 1) {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('load-process.js', import.meta.url)), runtime, `${seed} ${number}`],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    const exit = once(child, 'exit')
    const lines = createInterface({ input: child.stdout })
    const ready = await Promise.race([once(lines, 'line').then(() => true), exit.then(() => false)])
    if (!ready || child.pid === undefined) throw new Error('The load did not start in a process of its own.')
    const left = before.filter((name) => readdirSync(SHARED_MEMORY).includes(name))
    if (left.length > 0) violations.push(`left in ${SHARED_MEMORY} after the next start: ${left.join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, random.integer(0, 2_500)))

    const hosts = await findHosts({ runtime, controller: child.pid, environment })
    const rows = rowsOf(hosts)
    before = readdirSync(SHARED_MEMORY).filter((name) => name.includes(`-${child.pid}-`))
    child.kill('SIGKILL')
    await exit
    lines.close()
    const killed = performance.now()
    const deadline = killed + GONE_DEADLINE_MS
    const remains = async (): Promise<boolean> =>
      rows.some(isRunning) ||
      (await findHosts({ runtime, controller: child.pid ?? 0, environment })).length > 0
    while (await remains()) {
      if (performance.now() > deadline) {
        violations.push(`processes of a killed controller live on after ${GONE_DEADLINE_MS} ms`)
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    goneMs.push(performance.now() - killed)
  }
  return { kills, goneMs, violations }
}

function rowsOf(hosts: readonly ContainedHost[]): ProcessRow[] {
  const pids = hosts.flatMap(({ container, host, zygote, workers }) => [
    ...('pids' in container ? container.pids : []),
    ...(host === undefined ? [] : [host]),
    ...(zygote === undefined ? [] : [zygote]),
    ...workers,
  ])
  return processTable().filter(({ pid }) => pids.includes(pid))
}
