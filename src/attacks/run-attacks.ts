import { availableParallelism, cpus, totalmem } from 'node:os'
import { execa } from 'execa'
import { findHosts, type ContainedHost } from '../chaos/victims.js'
import { encode, knownImage, stamp } from '../chaos/known-image.js'
import { containerEnvironment } from '../config/container-environment.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { SwitchableLayer } from '../sandbox/runtime.js'
import type { RuntimeChoice } from '../wiring.js'
import type { Attack, CodeAttack, FaultContext, Outcome, Stop } from './attack.js'
import { settledFootprint, whatIsLeft } from './footprint.js'
import { listedAttacks } from './listed-attacks.js'
import { openListeners } from './network-listeners.js'
import { observe } from './observe.js'
import { openAttackedPool, type AttackedPool } from './open-attacked-pool.js'
import { tryAttack, within } from './try-attack.js'

export interface AttackRow {
  attack: string
  /** The layer that stopped it; null where it got through. */
  stopped: Stop | null
  /** What happened with that layer left out; null where it has no switch. */
  withoutIt: string | null
  verdict: string
  /** From the verdict to the right pixels of the next call. */
  recoveryMs: number | null
  /** What is not as it must be. */
  wrong: string[]
}

export interface AttackReport {
  machine: string
  date: string
  runtime: string
  rows: AttackRow[]
  /** What was left when every sandbox was closed. */
  wrong: string[]
}

export interface RunAttacksParameters {
  runtime: RuntimeChoice
  /** Only attacks whose names contain it. */
  only?: string | undefined
  isShort?: boolean
  onRow?: (row: AttackRow) => void
}

const MAX_BYTES = 128 << 20
const MAX_QUEUE = 60
const NEXT_CALL_MS = 20_000

/**
 * Try every attack on one sandbox, and after each look whether the verdict is right, the next call gives the right pixels, and nothing is left. Then
 * try again each that a switchable layer stopped, on a sandbox without that layer.
 */
export async function runAttacks({
  runtime,
  only = '',
  isShort = false,
  onRow = () => undefined,
}: RunAttacksParameters): Promise<AttackReport> {
  const listeners = await openListeners()
  try {
    const attacks = listedAttacks(listeners).filter(
      (attack) => attack.name.includes(only) && (!isShort || attack.isShort === true),
    )
    const known = knownImage({ client: 1, session: 1, width: 48, height: 32 })
    const image = await encode(known)
    const attacked = await openAttackedPool({ runtime, maxBytes: MAX_BYTES, maxQueue: MAX_QUEUE })
    const rows: AttackRow[] = []
    try {
      await rightPixels(attacked.pool)
      const environment = containerEnvironment()
      const before = await settledFootprint({ attacked, environment })
      for (const attack of attacks) {
        const row = await attackOnce({ attack, attacked, image })
        if (listeners.heard > 0) row.wrong.push('a connection arrived outside')
        row.wrong.push(...(await whatIsLeft({ attacked, environment, before })))
        rows.push(row)
        if (row.stopped?.switch === undefined) onRow(row)
      }
    } finally {
      await attacked.pool.close()
    }
    await tryWithout({ runtime, attacks, rows, image, onRow })
    const wrong = listeners.heard > 0 ? ['a connection arrived outside'] : []
    const left = await findHosts({
      runtime: attacked.runtime,
      controller: process.pid,
      environment: containerEnvironment(),
    })
    if (left.length > 0) wrong.push(`${left.length} hosts live on after every sandbox was closed`)
    return { machine: machine(), date: new Date().toISOString(), runtime: attacked.runtime, rows, wrong }
  } finally {
    await listeners.close()
  }
}

async function attackOnce({
  attack,
  attacked,
  image,
}: {
  attack: Attack
  attacked: AttackedPool
  image: Buffer
}): Promise<AttackRow> {
  const { pool } = attacked
  const wrong: string[] = []
  let stopped: Stop | null = null
  let verdict = ''
  if (attack.by === 'fault') {
    try {
      stopped = await attack.run(faultContext(attacked, image))
      verdict = stopped.evidence
    } catch (error) {
      verdict = 'failed'
      wrong.push((error as Error).message)
    }
  } else {
    const { outcome, left } = await tryAttack({ attack, pool, image })
    stopped = observe(outcome, harmlessness(attack))
    verdict = told(outcome)
    if (left !== null) wrong.push(left)
    if (attack.by === 'code' && outcome.status === 'answered' && outcome.execution.stdout.length > 10_000)
      wrong.push('more output than is allowed')
  }
  const recovery = performance.now()
  let recoveryMs: number | null = null
  try {
    await within(NEXT_CALL_MS, rightPixels(pool))
    recoveryMs = performance.now() - recovery
  } catch (error) {
    wrong.push(`the next call: ${(error as Error).message}`)
  }
  if (stopped === null) wrong.push(`nothing stopped it: ${verdict}`)
  else if (!attack.expect.includes(stopped.evidence))
    wrong.push(`expected ${attack.expect.join(' or ')}, saw ${stopped.evidence}`)
  return { attack: attack.name, stopped, withoutIt: null, verdict, recoveryMs, wrong }
}

/** Each attack that a switchable layer stopped, on a sandbox without it: something else must show then, or the layer was not what stopped it. */
async function tryWithout({
  runtime,
  attacks,
  rows,
  image,
  onRow,
}: {
  runtime: RuntimeChoice
  attacks: readonly Attack[]
  rows: readonly AttackRow[]
  image: Buffer
  onRow: (row: AttackRow) => void
}): Promise<void> {
  const tries = attacks.flatMap((attack) => {
    const row = rows.find(({ attack: name }) => name === attack.name)
    const layer = row?.stopped?.switch
    if (attack.by !== 'code' || row === undefined || layer === undefined) return []
    return [
      { attack, row, without: [layer] as readonly SwitchableLayer[] },
      ...(attack.alsoWithout ? [{ attack, row, without: [layer, ...attack.alsoWithout] }] : []),
    ]
  })
  for (const key of new Set(tries.map(({ without }) => without.join(',')))) {
    const those = tries.filter(({ without }) => without.join(',') === key)
    const { pool } = await openAttackedPool({
      runtime,
      without: those[0]?.without ?? [],
      standby: false,
    })
    try {
      for (const { attack, row, without } of those) {
        const { outcome } = await tryAttack({ attack, pool, image })
        const stop = observe(outcome, harmlessness(attack))
        const what = whatThen({ attack, stop, outcome, first: row.stopped })
        row.withoutIt = row.withoutIt === null ? what : `${row.withoutIt}; without ${key}: ${what}`
        const isSame = stop !== null && stop.evidence === row.stopped?.evidence
        if (isSame && (attack.behind === undefined || without.length > 1))
          row.wrong.push(`the same ${stop.evidence} without ${key}: that layer did not stop it`)
        if (without.length > 1 || attack.alsoWithout === undefined) onRow(row)
      }
    } finally {
      await pool.close()
    }
  }
}

function whatThen({
  attack,
  stop,
  outcome,
  first,
}: {
  attack: CodeAttack
  stop: Stop | null
  outcome: Outcome
  first: Stop | null
}): string {
  if (outcome.status === 'machine error') return 'ends the host, which is replaced'
  if (stop === null) return 'gets through, inside the container'
  return `${stop.evidence === first?.evidence ? (attack.behind ?? stop.layer) : stop.layer} (${stop.evidence})`
}

function harmlessness(attack: Attack): CodeAttack['isHarmless'] & object {
  return (attack.by === 'code' ? attack.isHarmless : undefined) ?? (() => false)
}

let ordinaryCalls = 0

/** An ordinary call in a new session, checked pixel by pixel. @throws Error where it is not right. */
async function rightPixels(pool: SandboxPool): Promise<void> {
  ordinaryCalls += 1
  const image = knownImage({ client: 2, session: ordinaryCalls, width: 48, height: 32 })
  const session = await pool.open([await encode(image)])
  try {
    const { code, result } = stamp({ image, client: 2, call: ordinaryCalls, x: 5, y: 7 })
    const execution = await session.execute({ code })
    if (execution.status === 'error') throw new Error(`${execution.kind}: ${execution.message}`)
    if (!(await execution.image.pixels()).equals(result.pixels)) throw new Error('other pixels')
  } finally {
    await session.close()
  }
}

function faultContext({ pool, runtime }: AttackedPool, image: Buffer): FaultContext {
  const environment = containerEnvironment()
  const host = async (): Promise<ContainedHost> => {
    const [first] = await findHosts({ runtime, controller: process.pid, environment })
    if (!first) throw new Error('no host runs')
    return first
  }
  const killContainer = async (): Promise<void> => {
    const { container } = await host()
    if ('pids' in container) {
      const [outermost] = container.pids
      if (outermost !== undefined) process.kill(outermost, 'SIGKILL')
      return
    }
    await execa(runtime, ['kill', '--signal', 'KILL', container.name], {
      env: { ...environment },
      extendEnv: false,
    })
  }
  return { pool, image, host, killContainer, runtime }
}

function told(outcome: Outcome): string {
  switch (outcome.status) {
    case 'refused':
      return 'ImageError'
    case 'machine error':
      return `machine error: ${outcome.message}`
    case 'answered':
      return outcome.execution.status === 'ok'
        ? 'ok'
        : [outcome.execution.kind, outcome.execution.type].filter(Boolean).join(' ')
  }
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
}
