import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { packageDirectory } from '../../setup/package-paths.js'
import { ensurePythonEnvironment } from '../../setup/python-environment.js'
import type { Encoding } from './instant-sandbox.js'
import { textOfTurn } from './instant-policy.js'
import type { RolloutLoad, Spent } from './measure.js'

const answer = z.object({ wallMs: z.number(), cpuMs: z.number(), turns: z.number() })

/** The same rollouts by a loop written plainly in Python's asyncio (benchmarks/perf/peers/rollout_loop.py), timed there. */
export async function measurePython({
  load: { concurrency, turns, png },
  encoding,
  rounds,
  onProgress,
}: {
  load: RolloutLoad
  encoding: Encoding
  rounds: number
  onProgress: (line: string) => void
}): Promise<Spent[]> {
  const { python, site } = await ensurePythonEnvironment({ onProgress })
  const script = join(packageDirectory(), 'benchmarks', 'perf', 'peers', 'rollout_loop.py')
  const request = {
    concurrency,
    turns,
    encoding: encoding === 'prepared' ? 'prepared' : 'pillow',
    rounds,
    png: png.toString('base64'),
    texts: Array.from({ length: turns }, (_, turn) => textOfTurn({ turn, turns })),
  }
  const { stdout } = await execa(python, ['-B', script, site], { input: JSON.stringify(request) })
  return z.array(answer).parse(JSON.parse(stdout))
}
