// What an evaluation in shards over the nodes of a Ray cluster takes, beside the same evaluation in one process without Ray: nodes of one machine, so that they share its cores and memory.
//
//     npm run build && node benchmarks/perf/ray.mjs [--nodes 1,2,4] [--delays 0,1000] [--epochs 4] [--rounds 1] [--python PYTHON] [--json FILE]
//
// The model is a recording that answers after a delay: without one the machine's cores are what is short, with one the turns of the model. Each node does one shard at a time, two conversations at once; there are as many shards as
// nodes. Seconds are of the whole command: submission, start of sandboxes, samples, merge. Every run must give the same summary, byte for byte. Without --python, Ray is installed from PyPI into build/ray.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { machine } from '../../dist/benchmark/machine.js'
import { serveRecorded } from '../../scripts/serve-recorded.mjs'
import { startRayCluster } from '../../scripts/trainers/ray-cluster.mjs'
import { trainerPython } from '../../scripts/trainers/trainer-python.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,2,4' },
    delays: { type: 'string', default: '0,1000' },
    epochs: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '1' },
    python: { type: 'string' },
    json: { type: 'string' },
  },
})
const program = join(root, 'dist/cli/main.js')
const recording = join(root, 'scripts/recorded/demo-answers.json')
const work = mkdtempSync(join(tmpdir(), 'codevision-ray-'))
const numbers = (text) => text.split(',').map(Number)
const { seed, rows } = JSON.parse(readFileSync(recording, 'utf8'))
const samples = rows * Number(options.epochs)
const data = join(work, 'rows.parquet')
const runs = join(work, 'runs')
const measured = []
let runCount = 0

try {
  const drawn = [join(root, 'scripts/draw-demo.mjs'), data, '--rows', String(rows), '--seed', seed]
  await execa(process.execPath, drawn)
  const python = options.python ?? (await trainerPython({ name: 'ray', packages: ['ray[default]==2.60.0'] }))
  await measure({ nodes: 0 })
  for (const nodes of numbers(options.nodes)) await onCluster({ python, nodes })
} finally {
  rmSync(work, { recursive: true, force: true })
}
show()
if (options.json !== undefined)
  writeFileSync(
    options.json,
    JSON.stringify({ date: today(), machine: machine(), samples, measured }, null, 2),
  )

async function onCluster({ python, nodes }) {
  const workers = Array.from({ length: nodes }, (_, at) => [
    `node${at + 1}`,
    { cpus: 1, resources: { sandbox: 1 } },
  ])
  const cluster = await startRayCluster({
    python,
    nodes: { head: { cpus: 1 }, ...Object.fromEntries(workers) },
  })
  try {
    await measure({ nodes, cluster })
  } finally {
    await cluster.stop()
  }
}

/** The evaluation under each delay; without Ray where no cluster is given. */
async function measure({ nodes, cluster }) {
  for (const delayMs of numbers(options.delays))
    for (let round = 0; round < Number(options.rounds); round += 1) {
      const server = await serveRecorded({ file: recording, delayMs })
      try {
        measured.push({ nodes, delayMs, ...(await evaluation({ nodes, cluster, server })) })
        console.error(JSON.stringify(measured.at(-1)))
      } finally {
        await server.close()
      }
    }
}

async function evaluation({ nodes, cluster, server }) {
  const name = `run-${(runCount += 1)}`
  const env = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: '' }
  const place = ['--name', name, '--output', runs]
  const common = ['--judge', 'none', '--profile', 'strict', '--turns', '4', '--epochs', options.epochs]
  const words = [...common, '--no-cache', '--concurrency', '2', '--model', 'recorded', ...place]
  const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`])
  const submit = ['cluster', 'submit', '--shards', String(nodes), '--shard-resource', 'sandbox=1', '--follow']
  const args =
    cluster === undefined
      ? ['eval', data, ...words]
      : [...submit, ...variables, '--', process.execPath, program, 'eval', data, ...words]
  const address =
    cluster === undefined ? {} : { RAY_API_SERVER_ADDRESS: cluster.address, RAY_AUTH_TOKEN: cluster.token }
  const began = performance.now()
  await execa(process.execPath, [program, ...args], { cwd: work, env: { ...env, ...address } })
  const seconds = (performance.now() - began) / 1000
  const summary = readFileSync(join(runs, name, 'summary.json'), 'utf8')
  const first = readFileSync(join(runs, 'run-1', 'summary.json'), 'utf8')
  if (summary !== first)
    throw new Error(`${nodes} nodes: expected the summary of the run without Ray, got ${summary}`)
  return { seconds: Number(seconds.toFixed(1)), turns: server.counts.completions }
}

function show() {
  const best = (nodes, delayMs) =>
    Math.min(
      ...measured
        .filter((each) => each.nodes === nodes && each.delayMs === delayMs)
        .map((each) => each.seconds),
    )
  const delays = numbers(options.delays)
  const told = (nodes) =>
    delays.map((delayMs) => {
      const seconds = best(nodes, delayMs)
      return `${seconds} s, ${(samples / seconds).toFixed(2)} samples/s`
    })
  const { processor, cores, system, node } = machine()
  console.log(
    `${processor}, ${cores} cores, ${system}, Node ${node}; ${today()}; ${samples} samples, the best of ${options.rounds}\n`,
  )
  console.log(`| | ${delays.map((delayMs) => `model answers after ${delayMs} ms`).join(' | ')} |`)
  console.log(`| --- |${' --- |'.repeat(delays.length)}`)
  console.log(`| without Ray, one process | ${told(0).join(' | ')} |`)
  for (const nodes of numbers(options.nodes))
    console.log(`| Ray, ${nodes} ${nodes === 1 ? 'node' : 'nodes'} | ${told(nodes).join(' | ')} |`)
}

function today() {
  return new Date().toISOString().slice(0, 10)
}
