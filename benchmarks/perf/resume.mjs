// How long a resumed evaluation takes until it asks the model about the first sample that is left: from the start of the process, over a journal of 10,000
// samples. Beside it the limit: a process that reads the same journal and parses every line.
//
//     npm run bench:resume -- [--samples 10000] [--rounds 3] [--json FILE]
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { machine } from '../../dist/benchmark/machine.js'
import { loadSuite } from '../../dist/data/load-suite.js'
import { planTasks } from '../../dist/evaluation/run/plan.js'

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
})
const SAMPLES = Number(options.samples)
/** Samples that are left for the resumed run. */
const LEFT = 100
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const work = mkdtempSync(join(tmpdir(), 'codevision-resume-'))
const rows = join(work, 'rows.jsonl')
const journal = join(work, 'runs/big/samples.jsonl')

/** A model of three turns: it turns, crops and answers, with some words before each. Tells when it is asked about an image. */
function serveModel() {
  let asked = () => {}
  const thought =
    'The text seems to stand on its side, so I turn the image first and then look closer. '.repeat(8)
  const call = (code) =>
    `<think>${thought}</think><tool_call>${JSON.stringify({ name: 'code_image_tool', arguments: { code, description: 'as thought', image_index: 0 } })}</tool_call>`
  const turns = [
    call('result = image.rotate(90, expand=True)'),
    call('result = image.crop((8, 8, 56, 56)).resize((96, 96))'),
    `<think>${thought}</think><answer>42</answer>`,
  ]
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => (body += data))
    request.on('end', () => {
      const { messages } = JSON.parse(body)
      const isAboutImage = body.includes('image_url')
      if (isAboutImage) asked()
      const content = isAboutImage
        ? turns[messages.filter(({ role }) => role === 'assistant').length]
        : 'ready'
      const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ choices, usage: { prompt_tokens: 500, completion_tokens: 200 } }))
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        baseUrl: `http://127.0.0.1:${server.address().port}/v1`,
        firstQuestion: () => new Promise((told) => (asked = told)),
        close: () => server.close(),
      }),
    )
  })
}

function evaluation(baseUrl, more = []) {
  const common = ['--judge', 'none', '--model', 'scripted', '--no-cache', '--concurrency', '8']
  const where = ['--name', 'big', '--output', join(work, 'runs')]
  return spawn(process.execPath, [program, 'eval', rows, ...common, ...where, ...more], {
    env: { ...process.env, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function drawRows() {
  const file = createWriteStream(rows)
  const image = await sharp(randomBytes(80 * 80 * 3), { raw: { width: 80, height: 80, channels: 3 } })
    .png()
    .toBuffer()
  for (let index = 0; index < SAMPLES; index++) {
    const row = {
      id: String(index),
      question: `What is number ${index}?`,
      answer: '42',
      image: `data:image/png;base64,${image.toString('base64')}`,
    }
    if (!file.write(`${JSON.stringify(row)}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

const linesOf = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : [])

/** A run that was killed after its first samples, and what it would have written had it gone on. */
async function growJournal(baseUrl) {
  const child = evaluation(baseUrl)
  while (linesOf().length < 40 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 200))
  child.kill('SIGKILL')
  await ended(child)
  const lines = linesOf().map((line) => JSON.parse(line))
  if (lines.length < 40) throw new Error(`the first session ended after ${lines.length} samples`)
  const suite = await loadSuite({ suite: rows })
  const { tasks } = await planTasks({ suite, selection: { limit: null, sampleIds: null, shard: null } })
  const done = new Set(lines.map(({ key }) => key))
  const missing = tasks.filter(({ key }) => !done.has(`${key}#0`)).slice(0, -LEFT)
  const file = createWriteStream(journal, { flags: 'a' })
  for (const [at, { index, key }] of missing.entries()) {
    const sample = {
      ...lines[at % lines.length],
      key: `${key}#0`,
      taskId: String(index),
      question: `What is number ${index}?`,
    }
    if (!file.write(`${JSON.stringify(sample)}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
}

async function resumeOnce(model) {
  const question = model.firstQuestion()
  const started = performance.now()
  const child = evaluation(model.baseUrl, ['--resume'])
  let told = ''
  child.stderr.on('data', (data) => (told += data))
  await Promise.race([
    question,
    ended(child).then(() => Promise.reject(new Error(`it asked nothing: ${told}`))),
  ])
  const ms = performance.now() - started
  child.kill('SIGKILL')
  await ended(child)
  return ms
}

async function readOnce() {
  const program = `
    import { createReadStream } from 'node:fs'
    import { createInterface } from 'node:readline'
    for await (const line of createInterface({ input: createReadStream(process.argv[1]) })) JSON.parse(line)`
  const started = performance.now()
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, journal], { stdio: 'inherit' })
  await ended(child)
  return performance.now() - started
}

const model = await serveModel()
try {
  await drawRows()
  await growJournal(model.baseUrl)
  const found = { resume: [], limit: [] }
  for (let round = 0; round < Number(options.rounds); round++) {
    found.resume.push(await resumeOnce(model))
    found.limit.push(await readOnce())
  }
  const seconds = (list) => list.map((ms) => (ms / 1000).toFixed(2)).join(', ')
  const megabytes = (path) => Math.round(statSync(path).size / 2 ** 20)
  console.log(
    `${SAMPLES} samples, ${LEFT} left; journal ${megabytes(journal)} MiB, rows ${megabytes(rows)} MiB`,
  )
  console.log(`until the first question, from the start of the process: ${seconds(found.resume)} s`)
  console.log(`reading and parsing the journal alone:                   ${seconds(found.limit)} s`)
  if (options.json !== undefined) {
    const result = {
      machine: machine(),
      date: new Date().toISOString(),
      samples: SAMPLES,
      milliseconds: found,
    }
    writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`)
  }
} finally {
  model.close()
  rmSync(work, { recursive: true, force: true })
}
