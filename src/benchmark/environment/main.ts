import { availableParallelism, loadavg } from 'node:os'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { packageDirectory } from '../../setup/package-paths.js'
import { createSandbox } from '../../wiring.js'
import { machine } from '../machine.js'
import { NoiseImages } from '../noise-image.js'
import { round } from '../statistics.js'
import { measureAlone, measureLoad } from './measure.js'
import { httpRollout } from './http-peer.js'
import { environmentPage, goalLines, type EnvironmentFigures } from './page.js'
import { directRollout, servedRollout, type Rollout } from './peers.js'
import { startReadyAnswers } from './ready-answers.js'
import { soakService } from './soak.js'
import type { ServiceProcess } from '../../services/start-service-process.js'
import { startService } from './start-service.js'

const SIZE = 256
/** Before each turn of those that come one at a time: none, and as a model thinks. */
const PAUSES_MS = [0, 50]

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run bench:env --')
  .usage(
    '$0 [options]\n\nTurns of the environment service beside the same calls in the sandbox used directly.',
  )
  .example('$0', 'one at a time and 256 at once, two minutes')
  .example('$0 --soak 60', 'an hour of episodes: what grows is a leak')
  .option('seconds', { type: 'number', default: 10, describe: 'of each peer, in each part' })
  .option('sessions', { type: 'number', default: 256, describe: 'episodes at once' })
  .option('soak', { type: 'number', describe: 'only episodes for so many minutes' })
  .option('runtime', {
    choices: ['auto', 'bubblewrap', 'docker', 'podman', 'none'] as const,
    default: 'auto' as const,
    describe: 'containment under test',
  })
  .option('json', { type: 'string', describe: 'file for the figures' })
  .option('report', { type: 'boolean', default: false, describe: 'write docs/environment-speed.md' })
  .check(({ soak, report }) => {
    if (soak !== undefined && report)
      throw new Error(
        '--report: expected none beside --soak, which is no part of the page; --json FILE keeps its figures',
      )
    return true
  })
  .strict()
  .parse()

const { runtime, seconds, sessions } = options
const loadBefore = round(loadavg()[0] ?? 0, 1)
const images = await NoiseImages.create()
const service = await startService({ images, size: SIZE, runtime })
try {
  const figures: EnvironmentFigures = {
    ...{ machine: machine(), date: new Date().toISOString(), runtime, loadBefore, size: SIZE },
    ...(options.soak === undefined
      ? await measured(service)
      : {
          soak: await soakService({
            service,
            minutes: options.soak,
            onProgress: (line) => console.error(line),
          }),
        }),
  }
  for (const line of goalLines(figures)) console.log(line)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (options.report)
    await writeFile(join(packageDirectory(), 'docs', 'environment-speed.md'), environmentPage(figures))
} finally {
  await service.stop()
  await images.remove()
}

async function measured({ url }: ServiceProcess): Promise<Pick<EnvironmentFigures, 'alone' | 'load'>> {
  const { png } = await images.get(SIZE)
  const ready = await startReadyAnswers({ png })
  // As many places as `serve env` has where nothing else is said.
  const sandbox = await createSandbox({ runtime, concurrency: availableParallelism() })
  const direct = (number: number): Rollout => directRollout({ sandbox, png, number })
  try {
    const peers = {
      direct: direct(0),
      served: await servedRollout({ url, number: 0 }),
      ready: await servedRollout({ url: ready.url, number: 0 }),
      http: httpRollout({ url, number: 0 }),
    }
    const alone = []
    for (const pauseMs of PAUSES_MS)
      alone.push({ pauseMs, ...(await measureAlone({ peers, seconds, pauseMs })) })
    await closeAll(Object.values(peers))
    const many = Array.from({ length: sessions }, (_, number) => number)
    const served = await load(await Promise.all(many.map((number) => servedRollout({ url, number }))))
    return { alone, load: { direct: await load(many.map(direct)), served } }
  } finally {
    await ready.stop()
    await sandbox.close()
  }
}

async function load(rollouts: readonly Rollout[]) {
  try {
    return await measureLoad({ rollouts, seconds })
  } finally {
    await closeAll(rollouts)
  }
}

async function closeAll(rollouts: readonly Rollout[]): Promise<void> {
  await Promise.all(rollouts.map((rollout) => rollout.close()))
}
