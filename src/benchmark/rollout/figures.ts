import { round } from '../statistics.js'
import type { Spent } from './measure.js'

const NAMES = [
  'controller, images prepared',
  'controller, images encoded',
  'asyncio loop, images prepared',
  'asyncio loop, images encoded',
  'real sandbox, its calls alone',
  'real sandbox, rollouts',
] as const

/** Rounds of what was measured. */
export type Measurements = Partial<Record<(typeof NAMES)[number], Spent[]>>

export interface RolloutFigures {
  rows: { name: string; wallMsPerTurn: number; cpuMsPerTurn: number; rounds: number }[]
  /** Of one turn, in milliseconds; null where it was not measured. */
  perTurn: {
    /** Nothing but the controller: sandbox and policy answer at once, images are there. */
    overhead: number | null
    /** Encoding one image as PNG, spread over the processor's cores as sharp does. */
    encoding: number | null
    /** Rollouts over the real sandbox beyond its calls alone: the controller and the encoding, as far as they do not hide behind the sandbox's work. */
    beyondSandbox: number | null
  }
}

/** The middle round of each. */
export function rolloutFigures(measured: Measurements): RolloutFigures {
  const rows = NAMES.flatMap((name) => {
    const rounds = measured[name]
    if (rounds === undefined) return []
    const perTurn = (of: 'wallMs' | 'cpuMs'): number =>
      round(median(rounds.map((spent) => spent[of] / spent.turns)), 4)
    return [{ name, wallMsPerTurn: perTurn('wallMs'), cpuMsPerTurn: perTurn('cpuMs'), rounds: rounds.length }]
  })
  const wall = (name: (typeof NAMES)[number]): number | null =>
    rows.find((row) => row.name === name)?.wallMsPerTurn ?? null
  return {
    rows,
    perTurn: {
      overhead: wall('controller, images prepared'),
      encoding: beyond(wall('controller, images encoded'), wall('controller, images prepared')),
      beyondSandbox: beyond(wall('real sandbox, rollouts'), wall('real sandbox, its calls alone')),
    },
  }
}

/** For the terminal; also what docs/batch.md shows. */
export function rolloutTable({
  rows,
  perTurn: { overhead, encoding, beyondSandbox },
  concurrency,
  turns,
  size,
}: RolloutFigures & { concurrency: number; turns: number; size: number }): string {
  const lines = rows.map(({ name, wallMsPerTurn, cpuMsPerTurn }) => [
    name,
    wallMsPerTurn.toFixed(3),
    cpuMsPerTurn.toFixed(3),
  ])
  const head = [
    `${concurrency} rollouts at once, ${turns} turns each, ${size}²`,
    'ms a turn',
    'processor ms a turn',
  ]
  const told = (value: number | null): string => (value === null ? 'not measured' : `${value.toFixed(3)} ms`)
  return [
    ...[head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${overhead !== null && overhead < 2 ? 'reached' : 'MISSED '}  controller's overhead of a turn: ${told(overhead)}; goal: under 2 ms`,
    `encoding of its image besides: ${told(encoding)}`,
    `over the real sandbox, beyond its calls alone: ${told(beyondSandbox)}`,
  ].join('\n')
}

function beyond(whole: number | null, part: number | null): number | null {
  return whole === null || part === null ? null : round(whole - part, 4)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
