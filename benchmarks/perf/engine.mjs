// How fast the engine reads, writes and learns, beside transformers on torch: the same checkpoints, tokens and images, on as many threads as there are cores.
//
//     npm run bench:engine -- [--sizes 1M,4M,12M] [--rounds 5] [--backends node,wasm] [--workers 1] [--json FILE] [--page FILE.md]
//
// Rounds of all engines alternate, and the best of each is told, since others may use the machine too. torch takes part where `codevision setup python --torch` was run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from '../../dist/benchmark/machine.js'
import { liveBackends, openBackend } from '../../dist/models/backend/open-backend.js'
import { parseModelConfig } from '../../dist/models/config/read-config.js'
import { newWeights } from '../../dist/models/weights/new-weights.js'
import { parameterShapes } from '../../dist/models/weights/parameter-shapes.js'
import { saveWeights } from '../../dist/models/weights/save-weights.js'
import { findTorchEnvironment } from '../../dist/setup/torch-environment.js'
import { writeEnginePage } from './engine-page.mjs'
import { openOwnEngine } from './engine-own.mjs'
import { openTorchEngine } from './engine-torch.mjs'
import { SHAPES, workOf } from './engine-work.mjs'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: Object.keys(SHAPES).join() },
    rounds: { type: 'string', default: '5' },
    backends: { type: 'string' },
    workers: { type: 'string' },
    json: { type: 'string' },
    page: { type: 'string' },
  },
})
// Plain JavaScript is for tests: a round of it takes a minute.
const backends = options.backends?.split(',') ?? (await liveBackends()).filter((name) => name !== 'cpu')
const torch = await findTorchEnvironment()
if (torch === null) console.log('without torch: codevision setup python --torch')
// Threads beside this one that wasm trains on.
const workers = options.workers === undefined ? undefined : Number(options.workers)
const work = workOf({ threads: availableParallelism() })
const report = { machine: machine(), rounds: Number(options.rounds), models: [] }
for (const size of options.sizes.split(',')) report.models.push(await measured(size))
if (options.page !== undefined) await writeEnginePage({ report, work, page: options.page })
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)

async function measured(size) {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'))
  try {
    const config = parseModelConfig({ value: SHAPES[size], where: 'config.json' })
    await writeCheckpoint({ folder, config, shape: SHAPES[size] })
    const engines = new Map()
    for (const backend of backends) engines.set(backend, openOwnEngine({ backend, folder, work, workers }))
    if (torch !== null) engines.set('torch', openTorchEngine({ torch, folder }))
    const best = new Map()
    // The first round warms up.
    for (let round = 0; round <= report.rounds; round++)
      for (const [name, engine] of engines) {
        const seconds = await engine.round()
        if (round > 0) best.set(name, least(best.get(name), seconds))
      }
    for (const engine of engines.values()) await engine.close()
    const parameters = [...parameterShapes(config).values()].reduce(
      (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    )
    const rows = Object.fromEntries([...best].map(([name, seconds]) => [name, speeds(seconds)]))
    console.log(
      `\n${(parameters / 1e6).toFixed(1)} million parameters: tokens a second (training: seconds a step)`,
    )
    console.table(rows)
    return { size, parameters, engines: rows }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeCheckpoint({ folder, config, shape }) {
  await openBackend(backends[0])
  const weights = newWeights({ config, initialization: { seed: 1 } })
  await saveWeights({ directory: folder, config, weights })
  weights.dispose()
  const { pixels, ...rest } = work
  writeFileSync(join(folder, 'config.json'), JSON.stringify(shape))
  writeFileSync(join(folder, 'work.json'), JSON.stringify(rest))
  writeFileSync(join(folder, 'patches.f32'), pixels)
}

function least(before, now) {
  return Object.fromEntries(
    Object.entries(now).map(([what, seconds]) => [what, Math.min(seconds, before?.[what] ?? Infinity)]),
  )
}

function speeds(seconds) {
  return {
    prefill: Math.round(work.prompt.length / seconds.prefill),
    ...Object.fromEntries(
      work.counts.map((count) => [
        `decode ${count}`,
        Math.round((count * work.written) / seconds[`decode ${count}`]),
      ]),
    ),
    training: Number(seconds.train.toFixed(3)),
  }
}
