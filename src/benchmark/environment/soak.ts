import { readdirSync } from 'node:fs'
import { treeUse } from '../process-tree.js'
import { measureLoad, type Load } from './measure.js'
import { servedRollout } from './peers.js'
import type { RunningService } from './start-service.js'

interface Sample {
  seconds: number
  turns: number
  /** Of this process, the service and its sandbox. */
  memoryBytes: number
  /** Of the service. */
  descriptors: number
  processes: number
}

export interface Soak extends Load {
  samples: Sample[]
  /** Between the sample after a tenth of the time and the last one. */
  growth: { memoryBytes: number; descriptors: number; processes: number }
}

const CONNECTIONS = 16
const SAMPLES = 20

/** Episodes for so many minutes: what grows with their number is a leak. */
export async function soakService({
  service,
  minutes,
  onProgress,
}: {
  service: RunningService
  minutes: number
  onProgress: (line: string) => void
}): Promise<Soak> {
  const rollouts = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, number) => servedRollout({ url: service.url, number })),
  )
  const samples: Sample[] = []
  const began = performance.now()
  let turns = 0
  const sample = (): void => {
    const { memoryBytes, processes } = treeUse()
    const descriptors = readdirSync(`/proc/${service.pid}/fd`).length
    const seconds = Math.round((performance.now() - began) / 1000)
    samples.push({ seconds, turns, memoryBytes, descriptors, processes })
    onProgress(
      `${seconds} s, ${turns} turns: ${(memoryBytes / 1e6).toFixed(1)} MB, ${descriptors} descriptors, ${processes} processes`,
    )
  }
  const timer = setInterval(sample, (minutes * 60_000) / SAMPLES)
  try {
    const load = await measureLoad({ rollouts, seconds: minutes * 60, onTurn: (count) => (turns = count) })
    sample()
    const [early, last] = [samples[Math.floor(SAMPLES / 10)] ?? samples[0], samples.at(-1)]
    if (!early || !last) throw new RangeError('no samples')
    return {
      ...load,
      samples,
      growth: {
        memoryBytes: last.memoryBytes - early.memoryBytes,
        descriptors: last.descriptors - early.descriptors,
        processes: last.processes - early.processes,
      },
    }
  } finally {
    clearInterval(timer)
    await Promise.all(rollouts.map((rollout) => rollout.close()))
  }
}
