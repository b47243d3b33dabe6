import type { Figures } from './figures.js'
import type { PeerName } from './peers/peer.js'
import { isFlat } from './growth.js'
import type { Row } from './run-grid.js'

/** What the sandbox wants to reach, beside what it reached: one line each for what was measured. */
export function goalLines({ machine, rows, memory, hanging, soak }: Figures): string[] {
  const lines: string[] = []
  const row = (peer: PeerName, size: number, concurrency: number): Row | undefined =>
    rows.find(
      (each) =>
        each.peer === peer &&
        each.work === 'rotate' &&
        each.size === size &&
        each.concurrency === concurrency,
    )
  const [ours, limit, fresh] = (['codevision', 'limit', 'fresh'] as const).map((peer) => row(peer, 1024, 1))
  if (ours && limit && fresh) {
    const above = ours.p50Ms - limit.p50Ms
    const times = fresh.p50Ms / ours.p50Ms
    lines.push(
      goal(
        above <= 6,
        `1024² rotate, p50: ${ms(ours.p50Ms)}, ${ms(above)} above the limit's ${ms(limit.p50Ms)}; goal: at most 6 ms`,
      ),
      goal(
        times >= 40,
        `1024² rotate, p50: ${times.toFixed(1)} × faster than a fresh interpreter (${ms(fresh.p50Ms)}); goal: 40 ×`,
      ),
    )
  }
  // A lone caller pauses between calls, which is not back to back.
  const small = Math.max(
    0,
    ...[2, 8].map((concurrency) => row('codevision', 256, concurrency)?.callsPerSecond ?? 0),
  )
  if (small > 0)
    lines.push(
      goal(
        small / machine.cores >= 100,
        `256² rotate back to back: ${small.toFixed(0)} calls/s on ${machine.cores} cores; goal: 100 a core`,
      ),
    )
  if (memory)
    lines.push(
      goal(
        Math.max(memory.openBytes, memory.calledBytes) < 2e9,
        `${memory.sessions} open sessions of one ${memory.size}² image: ${mb(memory.openBytes)}, ${mb(memory.calledBytes)} after a call of each; goal for 1,000: under 2,000 MB`,
      ),
    )
  if (hanging)
    lines.push(
      goal(
        hanging.p50ChangePercent < 10,
        `5 % endless loops: p50 of the others ${ms(hanging.without.p50Ms)} → ${ms(hanging.with.p50Ms)}, ${hanging.p50ChangePercent} %; goal: under 10 %`,
      ),
    )
  if (soak)
    lines.push(
      goal(
        isFlat(soak.growth),
        `${soak.calls} calls, ${soak.callsPerSecond.toFixed(0)} a second: memory ${mb(soak.growth.memoryBytes)}, descriptors ${soak.growth.descriptors}, processes ${soak.growth.processes} more; goal: flat`,
      ),
    )
  return lines
}

function goal(isReached: boolean, text: string): string {
  return `${isReached ? 'reached' : 'MISSED '}  ${text}`
}

const ms = (value: number): string => `${value.toFixed(1)} ms`
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
