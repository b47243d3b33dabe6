// Loads the sandbox service: every connection opens sessions, runs calls in them and ends them, over and over. The service is a process of its own.
//
//   npm run build && node benchmarks/perf/load-service.mjs [--seconds 120] [--connections 64] [--size 256] [--runtime auto] [--json FILE]
//
// Prints requests, errors, latencies and the memory of the service and of its sandbox at the beginning and the end. Exit code 1 if anything failed.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import sharp from 'sharp'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    connections: { type: 'string', default: '64' },
    size: { type: 'string', default: '256' },
    runtime: { type: 'string', default: 'auto' },
    json: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const connections = Number(values.connections)
const size = Number(values.size)
/** Before memory is compared: libraries are loaded, the spare host is up, pools are filled. */
const WARM_UP_SECONDS = 8

const CALLS = [
  { code: 'result = image.rotate(90, expand=True)', return: 'png' },
  { code: 'result = image.crop((8, 8, 120, 120))', return: 'pixels' },
  { code: 'print(images[1].size)\nresult = images[1].resize((64, 64))', return: 'none' },
  { code: 'result = imge.rotate(90)', return: 'png' },
  {
    code: 'import cv2, numpy as np\nresult = Image.fromarray(cv2.GaussianBlur(np.array(image), (5, 5), 0))',
    return: 'png',
  },
]
const STATUS = ['ok', 'ok', 'ok', 'error', 'ok']

const picture = await noisyPicture()
const service = await startService()
let counter = 0
let wrong = 0
const problems = new Map()
const durations = []
const samples = []

try {
  await load(WARM_UP_SECONDS)
  durations.length = 0
  const before = memory(service.child.pid)
  const sampler = setInterval(() => samples.push(memory(service.child.pid)), 1000)
  const result = await load(seconds)
  clearInterval(sampler)
  const after = memory(service.child.pid)
  report({ result, before, after })
} finally {
  service.child.kill('SIGTERM')
  await service.exit
}

/** One round of a connection: open, the calls, end. */
async function load(duration) {
  const json = { 'content-type': 'application/json' }
  const requests = [
    {
      method: 'POST',
      path: '/v1/sessions',
      headers: json,
      setupRequest: (request, context) => {
        context.id = `load-${(counter += 1)}`
        return { ...request, body: JSON.stringify({ id: context.id, images: [picture] }) }
      },
      onResponse: (status, body) => expect(status === 201, 'open', status, body),
    },
    ...CALLS.map((call, index) => ({
      method: 'POST',
      headers: json,
      setupRequest: (request, context) => {
        context.started = performance.now()
        const path = `/v1/sessions/${context.id}/execute`
        return { ...request, path, body: JSON.stringify({ call_id: String(index), ...call }) }
      },
      onResponse: (status, body, context) => {
        durations.push(performance.now() - context.started)
        expect(status === 200 && body.includes(`"status":"${STATUS[index]}"`), `call ${index}`, status, body)
      },
    })),
    {
      method: 'DELETE',
      setupRequest: (request, context) => ({ ...request, path: `/v1/sessions/${context.id}` }),
      onResponse: (status, body) => expect(status === 204, 'end', status, body),
    },
  ]
  // Its own limit ends in the middle of requests; what is cut off then is told apart from errors.
  return autocannon({ url: service.url, connections, duration, timeout: 60, requests })
}

function expect(isRight, what, status, body) {
  if (isRight) return
  wrong += 1
  const problem = `${what}: ${status} ${body.slice(0, 200)}`
  problems.set(problem, (problems.get(problem) ?? 0) + 1)
}

async function startService() {
  const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
  const child = spawn(
    process.execPath,
    [
      program,
      'serve',
      'sandbox',
      '--port',
      '0',
      '--runtime',
      values.runtime,
      '--log-level',
      'warn',
      '--lease',
      '30',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exit = new Promise((resolve) => child.once('exit', resolve))
  let text = ''
  child.stdout.on('data', (data) => (text += data))
  for (;;) {
    const url = /on (http:\/\/\S+)/.exec(text)?.[1]
    if (url) return { child, exit, url, line: text.trim() }
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** MiB: the service's resident set, and the proportional share of every process under it. */
function memory(pid) {
  const parents = new Map()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const stat = read(`/proc/${name}/stat`)
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const under = [...parents.keys()].filter((one) => {
    for (let at = parents.get(one); at !== undefined; at = parents.get(at)) if (at === pid) return true
    return false
  })
  const kib = (one, file, field) =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(read(`/proc/${one}/${file}`) ?? '')?.[1] ?? 0)
  return {
    serviceMb: round(kib(pid, 'status', 'VmRSS') / 1024),
    sandboxMb: round(under.reduce((sum, one) => sum + kib(one, 'smaps_rollup', 'Pss'), 0) / 1024),
    processes: under.length,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function report({ result, before, after }) {
  const sorted = durations.toSorted((a, b) => a - b)
  const percentile = (share) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  const figures = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
    service: service.line,
    connections,
    seconds,
    size,
    requests: result.requests.total,
    calls: sorted.length,
    callsPerSecond: round(sorted.length / seconds),
    errors: result.errors + wrong,
    timeouts: result.timeouts,
    callMs: {
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
      max: round(sorted.at(-1) ?? 0),
    },
    before,
    after,
    mostServiceMb: Math.max(...samples.map(({ serviceMb }) => serviceMb)),
  }
  console.log(JSON.stringify(figures, null, 2))
  for (const [problem, count] of problems) console.error(`${count} × ${problem}`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (figures.errors + figures.timeouts > 0 || sorted.length === 0) process.exitCode = 1
}

async function noisyPicture() {
  const pixels = Buffer.from(
    Array.from({ length: size * size * 3 }, (_, index) => (index * index * 31) % 251),
  )
  const file = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer()
  return file.toString('base64')
}

function round(value) {
  return Math.round(value * 10) / 10
}
