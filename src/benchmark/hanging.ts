import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxSession } from '../core/sandbox.js'
import { createSandbox, type RuntimeChoice } from '../wiring.js'
import { fileOfItsOwn } from './file-of-its-own.js'
import type { NoiseImages } from './noise-image.js'
import { percentiles, round, type Percentiles } from './statistics.js'
import { WORKS } from './work.js'

export interface HangingFigure {
  callsPerSecondOffered: number
  size: number
  deadlineMs: number
  loopShare: number
  without: Percentiles & { calls: number; late: number }
  /** Of the calls that do not loop. */
  with: Percentiles & { calls: number; late: number; loops: number; latestVerdictMs: number }
  /** How much the median of the others moved. */
  p50ChangePercent: number
}

const CALLS_PER_SECOND = 40
const DEADLINE_MS = 500
/** One call in twenty. */
const EVERY = 20
/** Shares no factor with `EVERY`, so that loops meet every session. */
const SESSIONS = 79
const SIZE = 256
const ROUNDS = 3

interface Turn {
  others: number[]
  loops: number[]
  /** Of the others, those that the machine was too busy to end before the deadline. */
  late: number
}

/** Calls that arrive whether or not the ones before are done; one in twenty never ends by itself. */
export async function measureHanging({
  runtime,
  images,
  seconds,
}: {
  runtime: RuntimeChoice
  images: NoiseImages
  /** Of one turn; turns with and without loops take turns. */
  seconds: number
}): Promise<HangingFigure> {
  const { png } = await images.get(SIZE)
  const sandbox = await createSandbox({ runtime })
  try {
    const openAll = (): Promise<SandboxSession[]> =>
      Promise.all(
        Array.from({ length: SESSIONS }, (_, number) => sandbox.open([fileOfItsOwn({ png, number })])),
      )
    const turn = async (loops: boolean, duration: number): Promise<Turn> => {
      const sessions = await openAll()
      const made = await offer({ sessions, loops, seconds: duration })
      await Promise.all(sessions.map((session) => session.close()))
      return made
    }
    await turn(false, 1)
    const plain: Turn[] = []
    const mixed: Turn[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      plain.push(await turn(false, seconds))
      mixed.push(await turn(true, seconds))
    }
    const without = plain.flatMap(({ others }) => others)
    const others = mixed.flatMap((each) => each.others)
    const loops = mixed.flatMap((each) => each.loops)
    const [before, after] = [percentiles(without), percentiles(others)]
    return {
      callsPerSecondOffered: CALLS_PER_SECOND,
      size: SIZE,
      deadlineMs: DEADLINE_MS,
      loopShare: 1 / EVERY,
      without: { ...before, calls: without.length, late: lateIn(plain) },
      with: {
        ...after,
        calls: others.length,
        late: lateIn(mixed),
        loops: loops.length,
        latestVerdictMs: round(Math.max(...loops)),
      },
      p50ChangePercent: round((after.p50Ms / before.p50Ms - 1) * 100, 1),
    }
  } finally {
    await sandbox.close()
  }
}

async function offer({
  sessions,
  loops,
  seconds,
}: {
  sessions: readonly SandboxSession[]
  loops: boolean
  seconds: number
}): Promise<Turn> {
  const turn: Turn = { others: [], loops: [], late: 0 }
  const running: Promise<void>[] = []
  const began = performance.now()
  for (let number = 0; number < seconds * CALLS_PER_SECOND; number += 1) {
    await sleep(Math.max(0, began + (number * 1000) / CALLS_PER_SECOND - performance.now()))
    const session = sessions[number % sessions.length]
    const isLoop = loops && number % EVERY === 0
    if (session) running.push(call(session, isLoop, turn))
  }
  await Promise.all(running)
  return turn
}

async function call(session: SandboxSession, isLoop: boolean, turn: Turn): Promise<void> {
  const started = performance.now()
  const code = isLoop ? 'while True: pass' : WORKS.rotate
  const execution = await session.execute({ code }, { timeoutMs: DEADLINE_MS })
  const isTimeout = execution.status === 'error' && execution.kind === 'timeout'
  if (isLoop ? !isTimeout : !isTimeout && execution.status !== 'ok')
    throw new Error(`a call under load gave ${JSON.stringify(execution)}`)
  if (!isLoop && isTimeout) turn.late += 1
  if (execution.status === 'ok') await execution.image.pixels()
  turn[isLoop ? 'loops' : 'others'].push(performance.now() - started)
}

function lateIn(turns: readonly Turn[]): number {
  return turns.reduce((sum, { late }) => sum + late, 0)
}
