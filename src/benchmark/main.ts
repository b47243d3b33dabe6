import { writeFile } from 'node:fs/promises'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { measureHanging } from './hanging.js'
import { machine } from './machine.js'
import { NoiseImages } from './noise-image.js'
import { openPeers } from './peers/open-peers.js'
import { goalLines } from './goals.js'
import { writeReport } from './write-report.js'
import { readOnly } from './read-only.js'
import { runGrid, type Row } from './run-grid.js'
import { measureSessionMemory } from './session-memory.js'
import { soak } from './soak.js'
import { CONCURRENCIES, SIZES, WORKS, type WorkName } from './work.js'

const WIDE = 64

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run bench:sandbox --')
  .usage(
    '$0 [options]\n\nTimes of a call, from execute until its pixels are in hand, beside those of other ways to run the same code.',
  )
  .example(
    '$0 --only rotate,1024 --json bench.json',
    'one work at one size, all peers, less than five minutes',
  )
  .example('$0 --report', 'everything, into benchmarks/perf/README.md; about half an hour')
  .example('$0 --soak 50000', 'many calls in one sandbox: what grows is a leak')
  .option('only', { type: 'string', describe: 'WORK,SIZE: rotate, crop, cv2 or error, and a side in pixels' })
  .option('json', { type: 'string', describe: 'file for the figures' })
  .option('runtime', {
    choices: ['auto', 'bubblewrap', 'docker', 'podman', 'none'] as const,
    default: 'auto' as const,
    describe: 'containment under test',
  })
  .option('rounds', { type: 'number', default: 3, describe: 'turns of every peer' })
  .option('seconds', { type: 'number', describe: 'length of one turn; default 4 with --only, else 2' })
  .option('hanging', {
    type: 'boolean',
    default: false,
    describe: 'only the calls beside endless loops',
  })
  .option('memory', { type: 'number', describe: 'only the memory of so many open sessions' })
  .option('soak', { type: 'number', describe: 'only so many calls in one sandbox' })
  .option('report', {
    type: 'boolean',
    default: false,
    describe: 'write benchmarks/perf/README.md and its chart',
  })
  .strict()
  .parse()

const only = options.only === undefined ? undefined : readOnly(options.only)
const onProgress = (line: string): void => console.error(line)
const images = await NoiseImages.create()
const { runtime } = options
try {
  const isPart = options.hanging || options.memory !== undefined || options.soak !== undefined
  const isWhole = only === undefined && !isPart
  const rows = isPart ? [] : await grid()
  const figures = {
    machine: machine(),
    date: new Date().toISOString(),
    rows,
    ...((isWhole || options.memory !== undefined) && {
      memory: await measureSessionMemory({ runtime, images, sessions: options.memory ?? 1_000, size: 256 }),
    }),
    ...((isWhole || options.hanging) && {
      hanging: await measureHanging({ runtime, images, seconds: options.seconds ?? 10 }),
    }),
    ...(options.soak !== undefined && {
      soak: await soak({ runtime, images, calls: options.soak, onProgress }),
    }),
  }
  for (const line of goalLines(figures)) console.log(line)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (options.report) await writeReport(figures)
} finally {
  await images.remove()
}

async function grid(): Promise<Row[]> {
  const { peers, runtimeName } = await openPeers({ runtime, folder: images.folder, onProgress })
  const common = {
    images,
    runtime: runtimeName,
    rounds: options.rounds,
    secondsPerTurn: options.seconds ?? (only ? 4 : 2),
    onProgress,
  }
  try {
    const rows = await runGrid({
      ...common,
      peers,
      works: only ? [only.work] : (Object.keys(WORKS) as WorkName[]),
      sizes: only ? [only.size] : SIZES,
      concurrencies: CONCURRENCIES,
    })
    if (only) return rows
    // So many interpreters and kernels at once would measure the machine's memory, so there the sandbox is alone.
    const sandbox = peers.filter(({ name }) => name === 'codevision')
    return [
      ...rows,
      ...(await runGrid({
        ...common,
        peers: sandbox,
        works: ['rotate'],
        sizes: [256, 1024],
        concurrencies: [WIDE],
      })),
    ]
  } finally {
    await Promise.all(peers.map((peer) => peer.close()))
  }
}
