import { availableParallelism, loadavg } from 'node:os'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import type { Sandbox } from '../../core/sandbox.js'
import { packageDirectory } from '../../setup/package-paths.js'
import { createSandbox } from '../../wiring.js'
import { machine } from '../machine.js'
import { NoiseImages } from '../noise-image.js'
import { photoLike } from '../photo-like.js'
import { round } from '../statistics.js'
import { measureAlone, measureLoad } from './measure.js'
import { httpRollout } from './http-peer.js'
import { environmentPage, goalLines, type Alone, type EnvironmentFigures } from './page.js'
import { directRollout, servedRollout, type Rollout } from './peers.js'
import { startReadyAnswers } from './ready-answers.js'
import { soakService, type Soak } from './soak.js'
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
  .example('$0', 'one at a time and 256 at once, four minutes')
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
const { png: noise } = await images.get(SIZE)
try {
  const figures: EnvironmentFigures = {
    ...{ machine: machine(), date: new Date().toISOString(), runtime, loadBefore, size: SIZE },
    ...(options.soak === undefined ? await measured() : { soak: await soaked(options.soak) }),
  }
  for (const line of goalLines(figures)) console.log(line)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (options.report)
    await writeFile(join(packageDirectory(), 'docs', 'environment-speed.md'), environmentPage(figures))
} finally {
  await images.remove()
}

async function soaked(minutes: number): Promise<Soak> {
  return withService(noise, (service) =>
    soakService({ service, minutes, onProgress: (line) => console.error(line) }),
  )
}

async function measured(): Promise<Pick<EnvironmentFigures, 'alone' | 'load'>> {
  const pictures = [
    { picture: 'photo-like', png: await photoLike(SIZE) },
    // No picture makes a longer file.
    { picture: 'noise', png: noise },
  ]
  // As many places as `serve env` has where nothing else is said.
  const sandbox = await createSandbox({ runtime, concurrency: availableParallelism() })
  try {
    const alone = []
    for (const { picture, png } of pictures)
      alone.push(...(await withService(png, (service) => measuredAlone({ service, sandbox, picture, png }))))
    const load = await withService(noise, (service) => measuredLoad({ service, sandbox }))
    return { alone, load }
  } finally {
    await sandbox.close()
  }
}

async function measuredAlone({
  service: { url },
  sandbox,
  picture,
  png,
}: {
  service: ServiceProcess
  sandbox: Sandbox
  picture: string
  png: Buffer
}): Promise<Alone[]> {
  const ready = await startReadyAnswers({ png })
  try {
    const peers = {
      direct: directRollout({ sandbox, png, number: 0 }),
      served: await servedRollout({ url, number: 0 }),
      ready: await servedRollout({ url: ready.url, number: 0 }),
      http: httpRollout({ url, number: 0 }),
    }
    const alone = []
    for (const pauseMs of PAUSES_MS)
      alone.push({ picture, pauseMs, ...(await measureAlone({ peers, seconds, pauseMs })) })
    await closeAll(Object.values(peers))
    return alone
  } finally {
    await ready.stop()
  }
}

async function measuredLoad({ service: { url }, sandbox }: { service: ServiceProcess; sandbox: Sandbox }) {
  const many = Array.from({ length: sessions }, (_, number) => number)
  const served = await load(await Promise.all(many.map((number) => servedRollout({ url, number }))))
  const direct = await load(many.map((number) => directRollout({ sandbox, png: noise, number })))
  return { direct, served }
}

async function withService<Value>(
  png: Buffer,
  action: (service: ServiceProcess) => Promise<Value>,
): Promise<Value> {
  const service = await startService({ folder: images.folder, png, runtime })
  try {
    return await action(service)
  } finally {
    await service.stop()
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
