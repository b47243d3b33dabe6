import { readdirSync } from 'node:fs'
import { descendants, processTable } from '../chaos/process-table.js'
import { findHosts } from '../chaos/victims.js'
import type { AttackedPool } from './open-attacked-pool.js'

/** What an attacked sandbox holds of the machine. */
export interface Footprint {
  /** Hosts, zygotes, waiting workers, and whatever else lives inside. */
  processes: number
  /** Files of the exchange directories. */
  pixels: number
  /** Files in the private /tmp and /dev/shm of the hosts; 0 where this user may not look. */
  files: number
  /** Open descriptors of the controller. */
  descriptors: number
  sessions: number
  running: number
}

export interface FootprintParameters {
  attacked: AttackedPool
  environment: Readonly<Record<string, string>>
}

/** Measure it now. */
export async function footprint({ attacked, environment }: FootprintParameters): Promise<Footprint> {
  const { pool, runtime, exchanges } = attacked
  const hosts = await findHosts({ runtime, controller: process.pid, environment })
  const table = processTable()
  const roots = hosts.flatMap(({ container, host }) => ('pids' in container ? container.pids : [host ?? 0]))
  const { sessions, running } = pool.stats()
  return {
    processes: new Set(roots.flatMap((root) => [root, ...descendants(table, root).map(({ pid }) => pid)]))
      .size,
    pixels: sum(exchanges.map(entries)),
    files: sum(
      hosts.flatMap(({ host }) =>
        ['tmp', 'dev/shm'].map((folder) => entries(`/proc/${host ?? 0}/root/${folder}`)),
      ),
    ),
    descriptors: readdirSync('/proc/self/fd').length,
    sessions,
    running,
  }
}

const SETTLE_MS = 10_000
const LOOK_EVERY_MS = 25

/**
 * Wait until nothing is there that was not there before.
 * @returns what is left when the time is over, one text each; none when all is as it was.
 */
export async function whatIsLeft({
  before,
  ...parameters
}: FootprintParameters & { before: Footprint }): Promise<string[]> {
  const deadline = performance.now() + SETTLE_MS
  for (;;) {
    const now = await footprint(parameters)
    const names = Object.keys(before) as (keyof Footprint)[]
    const left = names.filter((name) => now[name] > before[name])
    if (left.length === 0) return []
    if (performance.now() > deadline)
      return left.map((name) => `${now[name] - before[name]} more ${name} than before (${now[name]})`)
    await pause(LOOK_EVERY_MS)
  }
}

/** The footprint once it stays the same: hosts and their workers are up. */
export async function settledFootprint(parameters: FootprintParameters): Promise<Footprint> {
  const deadline = performance.now() + 3 * SETTLE_MS
  let same = 0
  let last = await footprint(parameters)
  while (same < 8 && performance.now() < deadline) {
    await pause(4 * LOOK_EVERY_MS)
    const now = await footprint(parameters)
    const isUp = parameters.attacked.pool.stats().hosts === 2
    same = isUp && JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0
    last = now
  }
  return last
}

function entries(path: string): number {
  try {
    return readdirSync(path, { recursive: true }).length
  } catch {
    return 0 // gone with its host, or not ours to look into
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
