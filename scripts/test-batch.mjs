// Evaluations in containers as compose.yaml describes them: one that is left alone, one that is killed and resumed, two shards and their merge. The
// model is a server on this machine that says what was recorded. All must end with the same summary, byte for byte.
//
//   npm run build && node scripts/fetch-wheels.mjs && node scripts/prepare-controller.mjs && scripts/with-docker.sh node scripts/test-batch.mjs
//
// Needs docker compose or docker-compose. The images are built by `docker build`, with Node from npm on the sandbox's base. An engine that has no
// networks (scripts/with-docker.sh) gives the evaluation this machine's; everything else is as the file says.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { parse, stringify } from 'yaml'
import { buildComposeImages } from './build-compose-images.mjs'
import { composeCommand } from './compose-command.mjs'
import { serveRecorded } from './serve-recorded.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const file = join(root, 'compose.yaml')
const compose = parse(readFileSync(file, 'utf8'), { merge: true })
const recording = join(root, 'scripts/recorded/demo-answers.json')
const project = `codevision-batch-${process.pid}`
const work = mkdtempSync(join(tmpdir(), 'codevision-batch-'))
const EPOCHS = 2
let failed = 0

function check(what, isRight, got) {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`)
  if (isRight) return
  failed += 1
  console.error(typeof got === 'string' ? got.slice(-4000) : JSON.stringify(got)?.slice(0, 4000))
}

const tool = await composeCommand()
if (tool === null) {
  console.error(
    'Neither docker compose nor docker-compose is here. On Debian: apt-get install docker-compose',
  )
  process.exit(1)
}

async function hasNetworks() {
  const { stdout } = await execa('docker', ['network', 'ls', '--filter', 'name=^bridge$', '--quiet'])
  return stdout !== ''
}

function overrides() {
  const service = { network_mode: 'host' }
  const text = stringify({
    services: { eval: service, merge: service, controller: { network_mode: 'none' } },
  })
  const path = join(work, 'engine-without-networks.yaml')
  writeFileSync(path, text)
  return path
}

async function lintGpu() {
  const path = join(work, 'gpu.yaml')
  writeFileSync(path, stringify({ services: { eval: { ...compose['x-gpu'], profiles: ['gpu'] } } }))
  const { exitCode, stderr } = await run(['--file', path, 'config', '--quiet'])
  check(`${tool.join(' ')} config accepts the GPU's reservation`, exitCode === 0, stderr)
}

const environment = {
  CODEVISION_USER: String(process.getuid()),
  OPENAI_API_KEY: 'a-key-of-this-test',
  JUDGE_MODEL: '',
}
const files = ['--file', file]

function run(args) {
  const [command, ...first] = tool
  return execa(
    command,
    [...first, '--project-directory', work, '--project-name', project, ...files, ...args],
    {
      reject: false,
      all: true,
      cwd: work,
      env: environment,
    },
  )
}

const common = [
  'configs/eval/mvtoolbench.yaml',
  '--data',
  'data/rows.parquet',
  '--model',
  'recorded',
  '--judge',
  'none',
]
const settings = ['--turns', '4', '--epochs', String(EPOCHS), '--concurrency', '3', '--no-cache']

function evaluate(name, ...options) {
  const container = `${project}-${name}-${options.includes('--resume') ? 'resumed' : 'first'}`
  const args = [
    'run',
    '--rm',
    '-T',
    '--name',
    container,
    'eval',
    ...common,
    ...settings,
    '--name',
    name,
    ...options,
  ]
  return { container, ended: run(args) }
}

const fileOf = (name, of) => readFileSync(join(work, 'runs', name, of), 'utf8')
const linesOf = (name) => {
  try {
    return fileOf(name, 'samples.jsonl')
      .split('\n')
      .filter((line) => line !== '').length
  } catch {
    return 0
  }
}

async function killInTheMiddle(name, samples) {
  const { container, ended } = evaluate(name)
  while (linesOf(name) < Math.floor(samples / 3)) {
    if (await isOver(ended)) break
    await wait(50)
  }
  await execa('docker', ['kill', '--signal', 'KILL', container], { reject: false })
  const { exitCode, all } = await ended
  const done = linesOf(name)
  check(`killed with ${done} of ${samples} samples done`, exitCode !== 0 && done < samples, all)
}

async function isOver(promise) {
  return Promise.race([promise.then(() => true), wait(0, false)])
}

let server
try {
  for (const folder of ['runs', 'data', 'cache']) mkdirSync(join(work, folder))
  cpSync(join(root, 'configs'), join(work, 'configs'), { recursive: true })
  await buildComposeImages({ compose, root, log: console.log })
  if (!(await hasNetworks())) files.push('--file', overrides())
  const { exitCode, stderr } = await run(['config', '--quiet'])
  check(`${tool.join(' ')} config accepts compose.yaml`, exitCode === 0, stderr)
  await lintGpu()

  const { seed, rows } = JSON.parse(readFileSync(recording, 'utf8'))
  const samples = rows * EPOCHS
  await execa('node', [
    join(root, 'scripts/draw-demo.mjs'),
    join(work, 'data/rows.parquet'),
    '--rows',
    rows,
    '--seed',
    seed,
  ])
  server = await serveRecorded({ file: recording, host: '0.0.0.0', delayMs: 50 })
  environment.OPENAI_BASE_URL = server.baseUrl.replace('0.0.0.0', 'host.docker.internal')

  const alone = await evaluate('alone').ended
  check(`an evaluation of ${samples} samples in a container ends well`, alone.exitCode === 0, alone.all)
  check(
    'its table is printed, with what the policy used',
    /Policy recorded: \d+ calls/.test(alone.all),
    alone.all,
  )

  await killInTheMiddle('killed', samples)
  const resumed = await evaluate('killed', '--resume').ended
  check('resumed in another container, it ends well', resumed.exitCode === 0, resumed.all)
  check(
    'with the summary of the one left alone',
    fileOf('killed', 'summary.json') === fileOf('alone', 'summary.json'),
  )
  check('and no sample done twice', linesOf('killed') === samples, linesOf('killed'))

  const shards = await Promise.all([1, 2].map((i) => evaluate(`shard-${i}`, '--shard', `${i}/2`).ended))
  for (const [index, shard] of shards.entries())
    check(
      `shard ${index + 1}/2, beside the other in a container of its own, ends well`,
      shard.exitCode === 0,
      shard.all,
    )
  const merged = await run([
    'run',
    '--rm',
    '-T',
    'merge',
    'runs/shard-1',
    'runs/shard-2',
    '--output',
    'runs/merged',
  ])
  check('the shards are merged', merged.exitCode === 0, merged.all)
  check(
    'into the summary of the one left alone',
    fileOf('merged', 'summary.json') === fileOf('alone', 'summary.json'),
  )

  const names = ['alone', 'killed', 'merged'].flatMap((name) =>
    ['manifest.json', 'samples.jsonl', 'summary.json', 'timings.json'].map((of) => fileOf(name, of)),
  )
  check(
    'the key stands in none of their files',
    names.every((text) => !text.includes(environment.OPENAI_API_KEY)),
  )
} finally {
  await server?.close()
  await run(['down', '--volumes', '--timeout', '5', '--remove-orphans'])
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
