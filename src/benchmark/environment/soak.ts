import { growthOf, type Growth } from '../growth.js'
import { treeUse, type TreeUse } from '../process-tree.js'
import { measureLoad, type Load } from './measure.js'
import { servedRollout } from './peers.js'
import type { ServiceProcess } from '../../services/start-service-process.js'

/** Of the service and its sandbox; what drives them is not looked at. */
interface Sample extends TreeUse {
  seconds: number
  turns: number
}

export interface Soak extends Load {
  samples: Sample[]
  growth: Growth
}

const CONNECTIONS = 16
const SAMPLES = 20

/** Episodes for so many minutes: what grows with their number is a leak. */
export async function soakService({
  service,
  minutes,
  onProgress,
}: {
  service: ServiceProcess
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
    const use = treeUse({ root: service.pid })
    const { memoryBytes, descriptors, processes } = use
    const seconds = Math.round((performance.now() - began) / 1000)
    samples.push({ seconds, turns, ...use })
    onProgress(
      `${seconds} s, ${turns} turns: ${(memoryBytes / 1e6).toFixed(1)} MB, ${descriptors} descriptors, ${processes} processes`,
    )
  }
  const timer = setInterval(sample, (minutes * 60_000) / SAMPLES)
  try {
    const load = await measureLoad({ rollouts, seconds: minutes * 60, onTurn: (count) => (turns = count) })
    sample()
    return {
      ...load,
      samples,
      growth: growthOf({ samples, at: ({ seconds }) => seconds }),
    }
  } finally {
    clearInterval(timer)
    await Promise.all(rollouts.map((rollout) => rollout.close()))
  }
}
