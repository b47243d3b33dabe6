// Kills evaluations (kill -9) at random moments and resumes them, until nobody stops them any more: the summary must be that of a run which was left
// alone, byte for byte, and no sample may be done twice. With a scripted HTTP server as the model, and with the policy `replay`; the real sandbox.
//
//   npm run build && node scripts/kill-evaluation.mjs --kills 20 --seed 1
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { serveRecorded } from './serve-recorded.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, 'dist/cli/main.js')
const recording = join(root, 'scripts/recorded/demo-answers.json')
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '4' },
  },
})
const work = mkdtempSync(join(tmpdir(), 'codevision-kills-'))
const { seed, rows } = JSON.parse(readFileSync(recording, 'utf8'))
const random = generator(Number(values.seed))
let failed = 0

/** Mulberry32: the same seed, the same moments. */
function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function check(what, isRight, got) {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${what}`)
  if (isRight) return
  failed += 1
  console.error(got)
}

function evaluation({ name, policy, resume, environment }) {
  // Four turns are one too few for some: not every sample of the recording ends well.
  const common = ['--judge', 'none', '--profile', 'strict', '--turns', '4', '--epochs', values.epochs]
  const options = ['--no-cache', '--concurrency', '3', '--name', name, '--output', join(work, 'runs')]
  const args = [program, 'eval', join(work, 'rows.parquet'), ...common, ...options, ...policy]
  const child = spawn(process.execPath, resume ? [...args, '--resume'] : args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return { child, ended: once(child, 'close').then(([code]) => ({ code, output })) }
}

const journalOf = (name) => {
  try {
    const lines = readFileSync(join(work, 'runs', name, 'samples.jsonl'), 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  } catch {
    return []
  }
}
const summaryOf = (name) => readFileSync(join(work, 'runs', name, 'summary.json'), 'utf8')

async function killAndResume({ title, name, alone, policy, environment, aloneMs }) {
  let began = false
  for (let kill = 0; kill < Number(values.kills); kill++) {
    const { child, ended } = evaluation({ name, policy, resume: began, environment })
    // Some moments before anything is written, most in the middle of the work.
    const timer = setTimeout(() => child.kill('SIGKILL'), 200 + random() * Math.min(aloneMs, 2_500))
    const { code, output } = await ended
    clearTimeout(timer)
    if (code !== null && code > 1)
      check(`${title}: session ${kill + 1} ends by the kill alone`, false, output)
    began ||= hasManifest(name)
  }
  const { code, output } = await evaluation({ name, policy, resume: began, environment }).ended
  check(`${title}: ends well after ${values.kills} kills`, code === 0, output)
  const keys = journalOf(name).map(({ key }) => key)
  const expected = rows * Number(values.epochs)
  check(
    `${title}: ${expected} samples, none of them twice`,
    keys.length === expected && new Set(keys).size === expected,
    keys.length,
  )
  check(
    `${title}: summary.json is that of the run that was left alone, byte for byte`,
    summaryOf(name) === summaryOf(alone),
    summaryOf(name),
  )
}

function hasManifest(name) {
  try {
    return readFileSync(join(work, 'runs', name, 'manifest.json')).length > 0
  } catch {
    return false
  }
}

const server = await serveRecorded({ file: recording, delayMs: 30 })
try {
  await execa('node', [
    join(root, 'scripts/draw-demo.mjs'),
    join(work, 'rows.parquet'),
    '--rows',
    String(rows),
    '--seed',
    seed,
  ])
  const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: '' }
  const alone = async (name, policy) => {
    const started = performance.now()
    const { code, output } = await evaluation({ name, policy, resume: false, environment }).ended
    check(`${name}: left alone, it ends well`, code === 0, output)
    return performance.now() - started
  }
  const served = ['--model', 'recorded']
  const aloneMs = await alone('served-alone', served)
  await killAndResume({
    title: 'HTTP server',
    name: 'served',
    alone: 'served-alone',
    policy: served,
    environment,
    aloneMs,
  })
  const replayed = ['--replay', join(work, 'runs/served-alone')]
  const replayMs = await alone('replayed-alone', replayed)
  await killAndResume({
    title: 'replay',
    name: 'replayed',
    alone: 'replayed-alone',
    policy: replayed,
    environment,
    aloneMs: replayMs,
  })
} finally {
  await server.close()
  rmSync(work, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
