import { setTimeout as sleep } from 'node:timers/promises'
import { percentiles, round, type Percentiles } from '../statistics.js'
import { WORKS } from '../work.js'
import type { Rollout } from './peers.js'

export interface Timing extends Percentiles {
  turns: number
}

export interface Load extends Timing {
  rollouts: number
  turnsPerSecond: number
}

/** Fewer than the turn limit of an episode. */
const TURNS = 5
/**
 * Turns one at a time, rollout after rollout, the peers in turn, so that what slows the machine down slows each of them; beginnings are not timed.
 * @param parameters.seconds for each peer
 * @param parameters.pauseMs before each turn, as a model thinks; a worker is made ready meanwhile.
 */
export async function measureAlone<Name extends string>({
  peers,
  seconds,
  pauseMs,
}: {
  peers: Readonly<Record<Name, Rollout>>
  seconds: number
  pauseMs: number
}): Promise<Record<Name, Timing>> {
  const names = Object.keys(peers) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  const end = performance.now() + seconds * 1000 * names.length
  for (let round = 0; performance.now() < end || round < 2; round++) {
    for (const name of names) {
      await peers[name].begin()
      for (let turn = 0; turn < TURNS; turn++) {
        if (pauseMs > 0) await sleep(pauseMs)
        const started = performance.now()
        await peers[name].turn(WORKS.rotate)
        // The first round warms up.
        if (round > 0) times[name].push(performance.now() - started)
      }
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, { ...percentiles(times[name]), turns: times[name].length }]),
  ) as Record<Name, Timing>
}

/** Rollouts side by side, each turn right after the last. */
export async function measureLoad({
  rollouts,
  seconds,
  onTurn = () => undefined,
}: {
  rollouts: readonly Rollout[]
  seconds: number
  onTurn?: (turns: number) => void
}): Promise<Load> {
  const times: number[] = []
  let turns = 0
  await Promise.all(rollouts.map((rollout) => rollout.begin()))
  const began = performance.now()
  const end = began + seconds * 1000
  await Promise.all(
    rollouts.map(async (rollout) => {
      for (;;) {
        for (let turn = 0; turn < TURNS; turn++) {
          if (performance.now() >= end) return
          const started = performance.now()
          await rollout.turn(WORKS.rotate)
          times.push(performance.now() - started)
          onTurn(++turns)
        }
        await rollout.begin()
      }
    }),
  )
  const turnsPerSecond = round(turns / ((performance.now() - began) / 1000))
  return { rollouts: rollouts.length, turns, turnsPerSecond, ...percentiles(times) }
}
