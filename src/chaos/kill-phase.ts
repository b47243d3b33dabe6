import { execa } from 'execa'
import { createRandom, type Random } from '../data/demo/random.js'
import type { SandboxPool } from '../sandbox/pool.js'
import { runClient } from './client.js'
import { killProcess } from './kill-process.js'
import type { Probe } from './probe.js'
import type { Tally } from './tally.js'
import { findHosts, TARGETS, type ContainedHost, type Target } from './victims.js'

/** How the kills follow each other: when the spare host is up again, or on each other's heels. */
export type Pace = 'calm' | 'storm'

export interface Kill {
  target: Target
  pace: Pace
  /** Jobs that ran when it struck. */
  inFlight: number
  /** Attempts that the sandbox made again until the next kill. */
  retried: number
  recoveryMs: number
}

export interface KillPhaseParameters {
  sandbox: SandboxPool
  probe: Probe
  probes: number
  clients: number
  kills: number
  seed: string
  runtime: string
  environment: Readonly<Record<string, string>>
  tally: Tally
  onKill: (kill: Kill) => void
}

/** Of 20 kills: zygotes, hosts and containers are rarer than workers, but each takes more with it. */
const WEIGHTED: readonly Target[] = TARGETS.flatMap((target) =>
  Array.from({ length: target === 'worker' ? 8 : 4 }, () => target),
)
const VICTIM_DEADLINE_MS = 30_000
const STANDBY_DEADLINE_MS = 20_000

/** Kill parts of the sandbox under load, one after the other. @throws Error when there is nothing left to kill. */
export async function killPhase(parameters: KillPhaseParameters): Promise<{ baselineMs: number[] }> {
  const { sandbox, probe, probes, clients, kills, seed, tally, onKill } = parameters
  const random = createRandom({ seed: `${seed} kills` })
  let over = false
  const isOver = (): boolean => over
  const load = [
    ...Array.from({ length: clients }, (_, index) =>
      runClient({
        number: index + 1,
        sandbox,
        random: createRandom({ seed: `${seed} client ${index + 1}` }),
        tally,
        isOver,
      }),
    ),
    ...Array.from({ length: probes }, () => probe.run({ sandbox, tally, isOver })),
  ]
  try {
    const baselineMs: number[] = []
    for (let sample = 0; sample < 20; sample += 1) {
      await pause(random.integer(20, 120))
      baselineMs.push(await probe.recovery())
    }
    for (let number = 0; number < kills; number += 1) {
      // Three of five kills come in storms, where what counts is that nothing is lost; the others tell how fast it is back.
      const pace: Pace = number % 50 < 30 ? 'storm' : 'calm'
      if (pace === 'calm') await standbyIsUp(sandbox)
      await pause(random.integer(20, pace === 'calm' ? 400 : 600))
      const target = random.pick(WEIGHTED)
      const { retries, running } = sandbox.stats()
      await kill({ ...parameters, target, random })
      const recovery = probe.recovery()
      const entry: Kill = { target, pace, inFlight: running, retried: 0, recoveryMs: 0 }
      const finished = recovery.then((recoveryMs) =>
        onKill({ ...entry, recoveryMs, retried: sandbox.stats().retries - retries }),
      )
      // In a storm the next one does not wait.
      if (pace === 'calm' || number === kills - 1) await finished
      else void finished
    }
    return { baselineMs }
  } finally {
    over = true
    await Promise.all(load)
  }
}

async function standbyIsUp(sandbox: SandboxPool): Promise<void> {
  const deadline = performance.now() + STANDBY_DEADLINE_MS
  while (sandbox.stats().hosts < 2 && performance.now() < deadline) await pause(20)
}

/** Find a victim and end it with SIGKILL; most often it belongs to the host at work, sometimes to the spare one. */
async function kill({
  sandbox,
  runtime,
  environment,
  target,
  random,
}: KillPhaseParameters & { target: Target; random: Random }): Promise<void> {
  const isSpare = random.integer(1, 5) === 1
  const deadline = performance.now() + VICTIM_DEADLINE_MS
  while (performance.now() < deadline) {
    const hosts = await findHosts({ runtime, controller: process.pid, environment })
    const chosen = isSpare ? (hosts.at(-1) ?? hosts[0]) : hosts[0]
    if (chosen && (await strike({ chosen, target, random, runtime, environment }))) return
    await pause(15)
  }
  throw new Error(
    `No ${target} was there to be killed for ${VICTIM_DEADLINE_MS} ms; the sandbox said: ${JSON.stringify(sandbox.stats())}`,
  )
}

async function strike({
  chosen,
  target,
  random,
  runtime,
  environment,
}: {
  chosen: ContainedHost
  target: Target
  random: Random
  runtime: string
  environment: Readonly<Record<string, string>>
}): Promise<boolean> {
  switch (target) {
    case 'worker':
      return chosen.workers.length > 0 && killProcess(random.pick(chosen.workers))
    case 'zygote':
      return killProcess(chosen.zygote)
    case 'host':
      return killProcess(chosen.host)
    case 'container': {
      if ('pids' in chosen.container)
        return chosen.container.pids.length > 0 && killProcess(random.pick(chosen.container.pids))
      const { name, clientPid } = chosen.container
      if (random.integer(1, 3) === 1) return killProcess(clientPid)
      const { exitCode } = await execa(runtime, ['kill', name], {
        env: { ...environment },
        extendEnv: false,
        reject: false,
      })
      return exitCode === 0
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
