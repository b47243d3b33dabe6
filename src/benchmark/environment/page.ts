import { isFlat } from '../growth.js'
import type { Load, Timing } from './measure.js'
import type { Soak } from './soak.js'
import { round } from '../statistics.js'

/** Turns that come one at a time. */
export interface Alone {
  /** What it shows. */
  picture: string
  /** Before each. */
  pauseMs: number
  direct: Timing
  http: Timing
  /** Over a WebSocket. */
  served: Timing
  /** The way there and back over it, alone. */
  ready: Timing
}

export interface EnvironmentFigures {
  machine: { processor: string; cores: number; memoryBytes: number; system: string; node: string }
  date: string
  runtime: string
  /** Processes that wanted to run before it began, a mean over a minute. */
  loadBefore: number
  size: number
  alone?: Alone[]
  load?: { direct: Load; served: Load }
  soak?: Soak
}

/** How much longer the median turn may take than in the sandbox used directly, one at a time. */
const GOAL_MS = 3

/** Milliseconds that a face of the service adds to the median turn. */
export function overheadMs({ direct, face }: { direct: Timing; face: Timing }): number {
  return round(face.p50Ms - direct.p50Ms)
}

/** What was measured against what was wanted, a line each. */
export function goalLines({ alone, load, soak, size }: EnvironmentFigures): string[] {
  const lines: string[] = []
  for (const { picture, pauseMs, direct, http, served, ready } of alone ?? []) {
    const line = (name: string, face: Timing): string => {
      const over = overheadMs({ direct, face })
      const told = `${size}² (${picture}), ${pace(pauseMs)}, ${name}: p50 ${face.p50Ms} ms, ${over} ms above the sandbox used directly (${direct.p50Ms} ms)`
      if (pauseMs > 0) return `measured ${told}`
      return `${over < GOAL_MS ? 'reached ' : 'MISSED  '} ${told}; goal: under ${GOAL_MS} ms`
    }
    lines.push(
      line('plain HTTP', http),
      `${line('WebSocket', served)}. An answer of that length alone takes ${ready.p50Ms} ms`,
    )
  }
  if (load)
    lines.push(
      `measured ${load.served.rollouts} episodes at once: ${load.served.turnsPerSecond} turns/s, p99 ${load.served.p99Ms} ms; the sandbox used directly: ${load.direct.turnsPerSecond} turns/s, p99 ${load.direct.p99Ms} ms`,
    )
  if (soak) {
    const { memoryBytes, descriptors, processes } = soak.growth
    lines.push(
      `${isFlat(soak.growth) ? 'reached ' : 'MISSED  '} ${soak.turns} turns, ${soak.turnsPerSecond} a second: memory ${(memoryBytes / 1e6).toFixed(1)} MB, descriptors ${descriptors}, processes ${processes} more; goal: flat`,
    )
  }
  return lines
}

/** The page of one run. */
export function environmentPage(figures: EnvironmentFigures): string {
  const { machine, date, runtime, loadBefore, size, alone, load } = figures
  const place = `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / 2 ** 30)} GiB, ${machine.system}, Node ${machine.node}, ${runtime}; ${date.slice(0, 10)}`
  const rows = [
    ...(alone ?? []).flatMap(({ picture, pauseMs, direct, http, served, ready }) => [
      row(`${picture}, ${pace(pauseMs)}`, 'sandbox', direct),
      row(`${picture}, ${pace(pauseMs)}`, 'service, plain HTTP', http),
      row(`${picture}, ${pace(pauseMs)}`, 'service, WebSocket', served),
      row(`${picture}, ${pace(pauseMs)}`, 'ready answers', ready),
    ]),
    ...(load
      ? [
          row(`${load.direct.rollouts} at once`, 'sandbox', load.direct),
          row(`${load.served.rollouts} at once`, 'service, WebSocket', load.served),
        ]
      : []),
  ]
  return `# Speed of the environment service

Written by \`npm run bench:env -- --report\`. A turn is one call, \`image.rotate(90, expand=True)\` over ${size}² pixels of a picture that compresses as photographs do, and of noise, which makes the longest file that there is, until the PNG of its result is in hand. Peers: the sandbox used directly in the same process
(execute, view, PNG), and episodes of \`codevision serve env\`, in a process of its own: over plain HTTP (\`POST /v1/sessions/{id}/execute\`, the answer the file itself) and over WebSockets as OpenEnv's clients speak (the file as base64 in JSON, which its client reads and decodes); beside them a server that answers such a WebSocket's client at once with the same picture (ready answers), below which no
service comes. Beginnings are not timed. One at a time: the peers alternate rollout by rollout, turn upon turn, for which the goal stands, and with 50 ms of thinking before each turn, where each process that has a part in a turn must be woken first. At once: noise, turn upon turn.

${place}. Before the run ${loadBefore} processes wanted to run on the machine; where that is not near 0, its times are those of a busy machine.

${goalLines(figures)
  .map((line) => `* ${line}`)
  .join('\n')}

| rollouts | peer | p50 ms | p95 ms | p99 ms | turns/s | turns |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function pace(pauseMs: number): string {
  return pauseMs === 0 ? 'one at a time' : `one at a time, ${pauseMs} ms of thinking before each`
}

function row(rollouts: string, peer: string, timing: Timing & { turnsPerSecond?: number }): string {
  const { p50Ms, p95Ms, p99Ms, turnsPerSecond, turns } = timing
  return `| ${[rollouts, peer, p50Ms, p95Ms, p99Ms, turnsPerSecond ?? '', turns].join(' | ')} |`
}
