import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox, type RuntimeChoice } from '../wiring.js'
import { growthOf, type Growth } from './growth.js'
import type { NoiseImages } from './noise-image.js'
import { treeUse, type TreeUse } from './process-tree.js'
import { percentiles, round, type Percentiles } from './statistics.js'
import { WORKS } from './work.js'

export interface SoakSample extends TreeUse {
  calls: number
}

export interface SoakFigure extends Percentiles {
  calls: number
  callsPerSecond: number
  size: number
  samples: SoakSample[]
  /** Between the sample after a tenth of the calls and the last one. */
  growth: Growth
}

const SIZE = 256
const CALLERS = 2
/** Calls of one session, as many as a long trajectory has. */
const CALLS_PER_SESSION = 20
const SAMPLES = 20
const SETTLE_MS = 500

/** Many calls in one sandbox: what grows with their number is a leak. */
export async function soak({
  runtime,
  images,
  calls,
  onProgress,
}: {
  runtime: RuntimeChoice
  images: NoiseImages
  calls: number
  onProgress: (line: string) => void
}): Promise<SoakFigure> {
  const { png } = await images.get(SIZE)
  const sandbox = await createSandbox({ runtime })
  const milliseconds: number[] = []
  const works = Object.values(WORKS)
  const caller = async (first: number, count: number): Promise<void> => {
    for (let done = 0; done < count; done += CALLS_PER_SESSION) {
      const session = await sandbox.open([png])
      for (let index = done; index < Math.min(count, done + CALLS_PER_SESSION); index += 1) {
        const started = performance.now()
        const execution = await session.execute({
          code: works[(first + index) % works.length] ?? WORKS.rotate,
        })
        if (execution.status === 'ok') await execution.image.pixels()
        milliseconds.push(performance.now() - started)
      }
      await session.close()
    }
  }
  try {
    const samples: SoakSample[] = []
    let busySeconds = 0
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const began = performance.now()
      await Promise.all(
        Array.from({ length: CALLERS }, (_, index) => caller(index, calls / SAMPLES / CALLERS)),
      )
      busySeconds += (performance.now() - began) / 1000
      await sleep(SETTLE_MS)
      globalThis.gc?.()
      samples.push({ calls: milliseconds.length, ...treeUse() })
      onProgress(soakLine(samples.at(-1)))
    }
    return {
      calls: milliseconds.length,
      callsPerSecond: round(milliseconds.length / busySeconds),
      size: SIZE,
      ...percentiles(milliseconds),
      samples,
      growth: growthOf({ samples, at: (sample) => sample.calls }),
    }
  } finally {
    await sandbox.close()
  }
}

function soakLine(sample: SoakSample | undefined): string {
  if (!sample) return ''
  const { calls, memoryBytes, descriptors, processes } = sample
  return `${calls} calls: ${(memoryBytes / 1e6).toFixed(1)} MB, ${descriptors} descriptors, ${processes} processes`
}
