// What the torch engine does on a GPU: whether it agrees with tfjs there, how fast models of published shapes sample and learn beside transformers alone, and what a GRPO step of the mini model consists of.
//
//     npm run build && npx codevision setup python --torch        (or CODEVISION_TORCH_PYTHON=/path/of/a/python/with/torch)
//     node benchmarks/perf/gpu.mjs [--parts agreement,grpo,3b,3b-steps,3b-plain,7b] [--weights DIR] [--device cuda] [--results DIR] [--page FILE]
//     node benchmarks/perf/gpu.mjs --only-page --results benchmarks/perf/gpu/h200,benchmarks/perf/gpu/h100 --notes benchmarks/perf/gpu/notes.md --page docs/gpu-speed.md
//
// Nothing is downloaded: weights are random. Each measurement is a process with a deadline of its own, and writes a file into the folder of results; one that fails is told, leaves the others alone and makes the exit code 1.
// A page is made of the files that are there, with `--only-page` those of several runs. Weights are drawn into a folder that is removed at the end, or kept in `--weights`. Set TMPDIR to a folder in memory (/dev/shm) where there is room for the weights (8 GB, 17 GB), else they cross a disk.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machine } from '../../dist/benchmark/machine.js'
import { torchProcessEnvironment } from '../../dist/config/torch-environment.js'
import { torchPython } from '../../dist/wiring.js'
import { writeGpuPage } from './gpu-page.mjs'

const text = (value) => ({ type: 'string', default: value })
const { values: options } = parseArgs({
  options: {
    ...{
      parts: text('agreement,grpo,3b,3b-steps,3b-plain,7b'),
      device: text('cuda'),
      results: text('results-gpu'),
    },
    ...{
      together: text('1,8,64'),
      write: text('128'),
      steps: text('3'),
      'grpo-steps': text('6'),
      'grpo-seconds': text('100'),
      'grpo-config': text('configs/mini/grpo.yaml'),
    },
    ...{ revision: { type: 'string' }, weights: { type: 'string' }, page: { type: 'string' } },
    'only-page': { type: 'boolean', default: false },
    notes: { type: 'string' },
  },
})
const folders = options.results.split(',').map((folder) => resolve(folder))
if (folders.length > 1 && !options['only-page'])
  throw new Error(`--results: expected one folder to measure into, got ${options.results}`)
const [results] = folders
const weights = options.weights ?? join(tmpdir(), `codevision-gpu-${process.pid}`)
const isReal = options.device === 'cuda'
/** What is measured of each shape; a rehearsal on a CPU takes a tiny one instead. */
const SHAPES = {
  '3b': { shape: isReal ? 'qwen2.5-vl-3b' : 'tiny', trains: ['lora', 'full'] },
  '7b': { shape: isReal ? 'qwen2.5-vl-7b' : 'tiny', trains: ['lora'] },
}
const PARTS = [
  'agreement',
  'grpo',
  ...Object.keys(SHAPES).flatMap((name) => [name, `${name}-steps`, `${name}-plain`]),
]
const parts = options.parts.split(',')
const unknown = parts.filter((part) => !PARTS.includes(part))
if (unknown.length > 0)
  throw new Error(`--parts: expected some of ${PARTS.join(', ')}, got ${unknown.join(', ')}`)
const here = (name) => fileURLToPath(new URL(name, import.meta.url))

if (!options['only-page']) {
  mkdirSync(results, { recursive: true })
  await describe()
  try {
    for (const part of parts) await measure(part)
  } finally {
    if (options.weights === undefined) rmSync(weights, { recursive: true, force: true })
  }
}
if (options.page !== undefined) writeGpuPage({ results: folders, notes: options.notes, page: options.page })

async function measure(part) {
  const [name, what] = part.split('-')
  if (part === 'agreement') await agreement()
  else if (part === 'grpo') await grpo()
  else if (part in SHAPES) await shape({ name, ...SHAPES[name] })
  else if (what === 'steps') await steps({ name, ...SHAPES[name] })
  else await plain({ name, ...SHAPES[name] })
}

async function describe() {
  const { site, executable } = await torchPython()
  const revision = options.revision ?? (await output('git', ['rev-parse', '--short', 'HEAD']))
  const { write, steps, together } = options
  const date = new Date().toISOString().slice(0, 10)
  const about = { date, machine: machine(), revision, options: { write, steps, together } }
  const query = 'name,driver_version,memory.total,pcie.link.gen.current'
  if (isReal)
    about.gpu = await output('nvidia-smi', [`--query-gpu=${query}`, '--format=csv,noheader']).catch(
      (error) => {
        throw new Error(
          `--device cuda: expected nvidia-smi to answer, got: ${error.message}; --device cpu rehearses with a tiny shape`,
        )
      },
    )
  const plain = await output(executable, [
    '-I',
    here('peers/torch_plain.py'),
    site,
    JSON.stringify({ device: options.device }),
  ])
  keep('about', { ...about, ...JSON.parse(plain.split('\n').at(-1)) })
}

function agreement() {
  const args = ['--device', options.device, '--json', at('agreement')]
  return attempt('agreement', 150, [here('gpu-agreement.mjs'), ...args])
}

function grpo() {
  const seconds = options['grpo-seconds']
  const args = ['--steps', options['grpo-steps'], '--seconds', seconds, '--device', options.device]
  return attempt('grpo', Number(seconds) + 40, [
    here('grpo.mjs'),
    ...['--config', options['grpo-config']],
    ...[...args, '--without-torch', '--json', at('grpo')],
  ])
}

/** Weights of a shape, drawn once and kept until the end. */
function weightsOf(name) {
  return join(weights, name)
}

async function shape({ name, shape, trains }) {
  for (const train of trains) {
    const file = `${name}-${train}`
    const place = ['--shape', shape, '--device', options.device, '--directory', weightsOf(name)]
    const amount = ['--together', options.together, '--write', options.write, '--steps', options.steps]
    await attempt(file, 180, [here('torch.mjs'), ...place, '--train', train, ...amount, '--json', at(file)])
  }
}

/** Each step of writing, from the first of a process on. */
async function steps({ name, trains: [train] }) {
  if (!isThere(`${name}-steps`, join(weightsOf(name), 'config.json'))) return
  const { site, executable, enginePackage } = await torchPython()
  const order = options.together.split(',').map(Number)
  // Whether one is slow or only the first: those between come again.
  const again = [...order.slice(1), ...order.slice(0, -1)]
  const found = []
  for (const adapted of ['none', train]) {
    const work = {
      directory: weightsOf(name),
      device: options.device,
      train: adapted,
      order: again,
      steps: isReal ? 30 : 6,
    }
    const args = ['-I', here('peers/torch_steps.py'), site, enginePackage, JSON.stringify(work)]
    const said = await attempt(`${name}-steps`, 90, args, executable)
    if (said !== null) found.push(JSON.parse(said.split('\n').at(-1)))
  }
  if (found.length > 0) keep(`${name}-steps`, found)
}

/** The same by transformers alone, in a process of its own. */
async function plain({ name, trains: [train] }) {
  const ours = at(`${name}-${train}`)
  if (!isThere(`${name}-plain`, ours)) return
  const { sequences, settings } = JSON.parse(readFileSync(ours, 'utf8'))
  const { site, executable } = await torchPython()
  const work = {
    ...{ device: options.device, directory: weightsOf(name), train, sequences, side: settings.side },
    ...{ write: settings.write, batchTokens: settings['batch-tokens'], steps: 2 },
    generate: settings.together.slice(1),
  }
  const args = ['-I', here('peers/torch_plain.py'), site, JSON.stringify(work)]
  const said = await attempt(`${name}-plain`, 150, args, executable)
  if (said !== null) keep(`${name}-plain`, JSON.parse(said.split('\n').at(-1)))
}

/** Whether a file is there that the part of the shape itself writes; told where it is not. */
function isThere(part, file) {
  if (existsSync(file)) return true
  const [name] = part.split('-')
  console.error(`${part} FAILED: expected ${file}, which the part ${name} writes; measure that first`)
  process.exitCode = 1
  return false
}

/** Run a measurement to its end or its deadline; what it printed, or null where it failed, which is told. */
async function attempt(name, seconds, args, program = process.execPath) {
  const began = performance.now()
  console.error(`${name} …`)
  // What was measured before is not taken for what is measured now.
  rmSync(at(name), { force: true })
  try {
    const said = await output(program, args, seconds)
    console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n${said}`)
    return said
  } catch (error) {
    console.error(
      `${name} FAILED after ${((performance.now() - began) / 1000).toFixed(1)} s: ${error.message}`,
    )
    process.exitCode = 1
    return null
  }
}

function output(program, args, seconds = 120) {
  return new Promise((resolve, reject) => {
    const environment = program === process.execPath ? process.env : torchProcessEnvironment()
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment,
      detached: true,
    })
    let said = ''
    child.stdout.on('data', (data) => (said += data))
    // With whatever it started.
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), seconds * 1000)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve(said.trim())
      else reject(new Error(`ended with ${code ?? signal}\n${said}`))
    })
  })
}

function at(name) {
  return join(results, `${name}.json`)
}

function keep(name, value) {
  writeFileSync(at(name), `${JSON.stringify(value, null, 2)}\n`)
}
