import type { ControllerPhaseResult } from './controller-phase.js'
import type { Footprint } from './footprint.js'
import type { Kill } from './kill-phase.js'
import type { Tally } from './tally.js'
import { TARGETS, type Target } from './victims.js'

export interface ChaosRow {
  target: Target
  kills: number
  /** Jobs that ran in the moments of the kills, together. */
  inFlight: number
  retried: number
  /** Milliseconds until throughput was back, with the spare host up when it struck. */
  calm: Percentiles | null
  /** The same while kills followed on each other's heels. */
  storm: Percentiles | null
}

export interface Percentiles {
  count: number
  p50: number
  p95: number
  max: number
}

export interface ChaosReport {
  machine: string
  date: string
  runtime: string
  seed: string
  baseline: Percentiles | null
  rows: ChaosRow[]
  tally: Tally
  controllers: (ControllerPhaseResult & { gone: Percentiles | null }) | null
  before: Footprint
  after: Footprint
  violations: string[]
}

export function rowsOf(kills: readonly Kill[]): ChaosRow[] {
  return TARGETS.map((target) => {
    const of = kills.filter((kill) => kill.target === target)
    const at = (pace: Kill['pace']): Percentiles | null =>
      percentiles(of.filter((kill) => kill.pace === pace).map(({ recoveryMs }) => recoveryMs))
    return {
      target,
      kills: of.length,
      inFlight: of.reduce((total, { inFlight }) => total + inFlight, 0),
      retried: of.reduce((total, { retried }) => total + retried, 0),
      calm: at('calm'),
      storm: at('storm'),
    }
  })
}

export function percentiles(values: readonly number[]): Percentiles | null {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return sorted.length === 0
    ? null
    : { count: sorted.length, p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 }
}

/** The report as Markdown. */
export function reportLines({
  runtime,
  seed,
  machine,
  date,
  baseline,
  rows,
  tally,
  controllers,
  before,
  after,
  violations,
}: ChaosReport): string[] {
  const total = rows.reduce((sum, { kills }) => sum + kills, 0)
  return [
    `Runtime ${runtime}, seed ${seed}, ${total} kills; ${machine}; ${date}.`,
    '',
    '| killed | kills | jobs running then | tried again by the sandbox | back, spare host up: p50 / p95 / max ms | back, in storms: p50 / p95 / max ms |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ target, kills, inFlight, retried, calm, storm }) =>
        `| ${target} | ${kills} | ${inFlight} | ${retried} | ${shown(calm)} | ${shown(storm)} |`,
    ),
    `| nothing | 0 | | | ${shown(baseline)} | |`,
    ...(controllers
      ? [`| controller | ${controllers.kills} | | | all gone: ${shown(controllers.gone)} | |`]
      : []),
    '',
    `Calls ${tally.calls}: ${tally.images} images, ${tally.errors} errors, ${tally.timeouts} timeouts, ${tally.views} views, ${tally.opened} sessions, ${tally.aborted} aborted.`,
    `Lost ${tally.lost}, wrong ${tally.wrong}, hung ${tally.hung}, starved ${tally.starved}; made again by the caller ${tally.refused}.`,
    `Left behind: hosts ${after.hosts}, exchange directories ${after.directories}, descriptors ${before.descriptors} → ${after.descriptors}, memory of the controller ${megabytes(before.rssBytes)} → ${megabytes(after.rssBytes)} MB.`,
    violations.length === 0 ? 'No violation.' : `VIOLATIONS ${violations.length}:`,
    ...violations.map((violation) => `- ${violation}`),
  ]
}

function shown(value: Percentiles | null): string {
  return value === null ? '–' : [value.p50, value.p95, value.max].map((time) => time.toFixed(0)).join(' / ')
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
