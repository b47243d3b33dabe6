// How fast the torch engine samples and learns: weights of a published shape, drawn on the spot, conversations of one image and two turns, then steps over what was sampled.
//
//     npm run build && npx codevision setup python --torch
//     node benchmarks/perf/torch.mjs --shape qwen2.5-vl-3b [--rollouts 32] [--write 256] [--steps 3] [--train full|lora] [--json FILE]
//
// `--shape tiny` runs anywhere, and says only that the script works. MFU counts what a step must compute (6 × weights × tokens and attention, 2 × weights of the frozen vision tower), not what
// checkpointing computes again, over what the data sheet promises for dense bfloat16.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { torchProcessEnvironment } from '../../dist/config/torch-environment.js'
import { readModelConfig } from '../../dist/models/config/read-config.js'
import { parameterShapes } from '../../dist/models/weights/parameter-shapes.js'
import { openTorchPolicy } from '../../dist/policies/torch/open-torch-policy.js'
import { torchPython } from '../../dist/wiring.js'
import { SHAPES, checkpointFiles } from './torch-shapes.mjs'

const { values: options } = parseArgs({
  options: {
    shape: { type: 'string', default: 'tiny' },
    rollouts: { type: 'string', default: '16' },
    write: { type: 'string', default: '64' },
    steps: { type: 'string', default: '3' },
    side: { type: 'string', default: '448' },
    words: { type: 'string', default: '300' },
    train: { type: 'string', default: 'full' },
    device: { type: 'string', default: 'auto' },
    'batch-tokens': { type: 'string', default: '16384' },
    json: { type: 'string' },
  },
})
const shape = SHAPES[options.shape]
if (shape === undefined)
  throw new Error(`--shape: expected ${Object.keys(SHAPES).join(', ')}, got ${options.shape}`)
/** Dense bfloat16, in FLOP/s, by a word of the device's name. */
const PEAKS = { H200: 989e12, H100: 989e12, A100: 312e12, L40S: 362e12, 'RTX 4090': 165e12 }
const python = await torchPython()
const folder = mkdtempSync(join(tmpdir(), 'codevision-torch-bench-'))

try {
  const directory = join(folder, 'model')
  const drawn = timed(() => drawCheckpoint(directory))
  const opening = performance.now()
  const policy = await openTorchPolicy({
    python,
    environment: torchProcessEnvironment(),
    directory,
    device: options.device,
    train: options.train,
    temperature: 1,
    places: Number(options.rollouts),
    batchTokens: Number(options['batch-tokens']),
  })
  try {
    const result = { drawnSeconds: drawn, openSeconds: since(opening), ...(await measure(policy, directory)) }
    tell(result)
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    await policy.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(policy, directory) {
  const images = new Map()
  const turns = []
  let conversations = await Promise.all(
    Array.from({ length: Number(options.rollouts) }, (_, at) => opening(at, images)),
  )
  for (let turn = 0; turn < 2; turn++) {
    const before = await policy.usage()
    const began = performance.now()
    conversations = await Promise.all(
      conversations.map(async (messages, at) => {
        const reply = await policy.next({
          messages,
          tools: [],
          sample: { key: `rollout ${at}`, epoch: 0 },
          turn,
          // Of the tools' results only the place among the tokens matters here.
          ...{ maxTokens: Number(options.write), signal: new AbortController().signal },
        })
        const more = [{ type: 'text', text: 'Result.' }]
        return [
          ...messages,
          { role: 'assistant', content: [{ type: 'text', text: reply.text }] },
          { role: 'user', content: more },
        ]
      }),
    )
    const seconds = since(began)
    const after = await policy.usage()
    turns.push({
      seconds,
      prefilled: after.prefilled - before.prefilled,
      written: after.written - before.written,
    })
  }
  const rollouts = conversations.map((_, at) => ({
    ledger: policy.ledgerOf({ key: `rollout ${at}`, epoch: 0 }),
    images,
  }))
  const steps = await learn(policy, rollouts)
  const { engine, total } = policy.timings
  const flops = await flopsOfStep(directory, rollouts)
  const peak = Object.entries(PEAKS).find(([name]) => policy.facts.deviceName.includes(name))?.[1] ?? null
  const best = Math.min(...steps.map(({ seconds }) => seconds))
  return {
    shape: options.shape,
    facts: policy.facts,
    turns,
    steps,
    stepTokensPerSecond: flops.tokens / best,
    mfu: peak === null ? null : flops.total / best / peak,
    controllerShare: 1 - engine / total,
    peakGiB: ((await policy.usage()).peakBytes ?? 0) / 2 ** 30,
  }
}

async function learn(policy, rollouts) {
  const learned = rollouts.reduce(
    (sum, { ledger }) => sum + ledger.segments.reduce((own, { mask }) => own + mask[0] * mask.length, 0),
    0,
  )
  const steps = []
  for (let step = 0; step < Number(options.steps); step++) {
    const began = performance.now()
    const { gradientNorm } = await policy.step({
      rollouts,
      learningRate: 1e-6,
      maxGradientNorm: 1,
      gradient: ({ logprobs }) => logprobs.map((own) => new Float64Array(own.length).fill(-1 / learned)),
    })
    steps.push({ seconds: since(began), gradientNorm })
  }
  return steps
}

/** A conversation of a question of so many words with a picture of its own. */
async function opening(at, images) {
  const side = Number(options.side)
  const background = { r: (at * 37) % 256, g: 90, b: 120 }
  const bytes = await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer()
  const image = {
    sha256: `picture ${at}`,
    width: side,
    height: side,
    mediaType: 'image/png',
    read: async () => bytes,
  }
  images.set(image.sha256, image.read)
  const text = Array.from(
    { length: Number(options.words) },
    (_, word) => 'abcdefghij'[(at + word) % 10],
  ).join('')
  return [
    {
      role: 'user',
      content: [
        { type: 'image', index: 0, image },
        { type: 'text', text },
      ],
    },
  ]
}

/** Floating-point operations that one step over rollouts must compute. */
async function flopsOfStep(directory, rollouts) {
  const config = await readModelConfig(directory)
  const size = (matches) =>
    [...parameterShapes(config)]
      .filter(([name]) => matches(name))
      .reduce((sum, [, sides]) => sum + sides.reduce((product, side) => product * side, 1), 0)
  const layers = size((name) => name.includes('language_model.layers.'))
  const vision = size((name) => name.includes('.visual.'))
  const { layers: depth, heads, headSize, hiddenSize, vocabularySize } = config.text
  let [tokens, total] = [0, 0]
  for (const { ledger } of rollouts) {
    const length = ledger.segments.reduce((sum, { ids }) => sum + ids.length, 0)
    const learned = ledger.segments.reduce((sum, { mask }) => sum + mask[0] * mask.length, 0)
    const seen = ledger.segments.flatMap(({ images }) => images)
    const patches = seen.reduce(
      (sum, { grid }) => sum + grid.height * grid.width * config.vision.mergeSize ** 2,
      0,
    )
    tokens += length
    total += 6 * layers * length + 6 * depth * heads * headSize * length ** 2
    total += 6 * hiddenSize * vocabularySize * learned + 2 * vision * patches
  }
  return { tokens, total }
}

function drawCheckpoint(directory) {
  const device = options.device === 'cpu' ? 'cpu' : 'auto'
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import torch
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration
torch.manual_seed(1)
device = "cuda" if sys.argv[4] == "auto" and torch.cuda.is_available() else "cpu"
torch.set_default_dtype(torch.bfloat16 if device == "cuda" else torch.float32)
with torch.device(device):
    model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(**json.loads(sys.argv[3])))
model.save_pretrained(sys.argv[2])
`
  const args = ['-I', '-c', program, python.site, directory, JSON.stringify(shape), device]
  execFileSync(python.executable, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: torchProcessEnvironment(),
  })
  for (const [name, content] of Object.entries(checkpointFiles(shape)))
    writeFileSync(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content))
}

function tell({ facts, turns, steps, stepTokensPerSecond, mfu, controllerShare, peakGiB }) {
  const rounded = (value, digits = 0) => value.toFixed(digits)
  const rows = [
    ['device', `${facts.deviceName}, ${facts.dtype}, torch ${facts.torch}`],
    [
      'parameters',
      `${rounded(facts.parameters / 1e6, 1)} million, ${rounded(facts.trained / 1e6, 1)} trained (${options.train})`,
    ],
    ...turns.map(({ seconds, prefilled, written }, at) => [
      `turn ${at + 1}, ${options.rollouts} together`,
      `${prefilled} tokens read and ${written} written in ${rounded(seconds, 1)} s: ${rounded(written / seconds)} written a second`,
    ]),
    [
      'step',
      `${steps.map(({ seconds }) => rounded(seconds, 2)).join(', ')} s; ${rounded(stepTokensPerSecond)} tokens a second`,
    ],
    [
      'MFU of the best step',
      mfu === null ? 'unknown: no data sheet of this device' : `${rounded(mfu * 100, 1)} %`,
    ],
    ['share of the controller in a step', `${rounded(controllerShare * 100, 1)} %`],
    ['peak of GPU memory', peakGiB === 0 ? 'none' : `${rounded(peakGiB, 1)} GiB`],
  ]
  console.log(
    `| ${options.shape} | |\n| --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`,
  )
}

function timed(work) {
  const began = performance.now()
  work()
  return since(began)
}

function since(began) {
  return (performance.now() - began) / 1000
}
