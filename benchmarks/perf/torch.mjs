// How fast the torch engine samples, scores and learns: weights of a published shape, drawn on the spot, conversations of one image each, then steps over what was sampled.
//
//     npm run build && npx codevision setup python --torch
//     node benchmarks/perf/torch.mjs --shape qwen2.5-vl-3b [--train full|lora|none] [--together 1,8,64] [--group 1] [--write 128] [--turns 1] [--steps 3] [--directory DIR] [--json FILE]
//
// `--group 8`: of those together each eight have the same prompt, as rollouts of a group. `--batch-tokens` bounds what is trained at once and what is read of prompts at once; 1: each prompt alone.
// `--shape tiny` runs anywhere, and says only that the script works. With `--directory` the weights are kept, and taken from there the next time. The last number of `--together` is how many rollouts are
// trained. MFU is what a step must compute (torch-flops.mjs) over what the data sheet promises for dense bfloat16. The controller's share is the time in which the engine's process had nothing to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { torchProcessEnvironment } from '../../dist/config/torch-environment.js'
import { readModelConfig } from '../../dist/models/config/read-config.js'
import { openTorchPolicy } from '../../dist/policies/torch/open-torch-policy.js'
import { torchPython } from '../../dist/wiring.js'
import { nextTurn, openConversations } from './torch-conversations.mjs'
import { drawCheckpoint } from './torch-draw.mjs'
import { scoreFlops, stepFlops, textBytes } from './torch-flops.mjs'
import { SHAPES } from './torch-shapes.mjs'
import { tellTorch } from './torch-table.mjs'

const text = (value) => ({ type: 'string', default: value })
const { values: options } = parseArgs({
  options: {
    ...{ shape: text('tiny'), train: text('full'), device: text('auto'), together: text('1,4,16') },
    ...{ write: text('64'), turns: text('1'), steps: text('3'), side: text('448'), words: text('300') },
    ...{ group: text('1'), 'batch-tokens': text('16384') },
    ...{ directory: { type: 'string' }, json: { type: 'string' } },
  },
})
if (SHAPES[options.shape] === undefined)
  throw new Error(`--shape: expected ${Object.keys(SHAPES).join(', ')}, got ${options.shape}`)
const numbers = Object.fromEntries(
  ['write', 'turns', 'steps', 'side', 'words', 'group', 'batch-tokens'].map((name) => [
    name,
    Number(options[name]),
  ]),
)
const together = options.together.split(',').map(Number)
/** Dense bfloat16, in FLOP/s, by a word of the device's name. */
const PEAKS = { H200: 989e12, H100: 989e12, A100: 312e12, L40S: 362e12, 'RTX 4090': 165e12 }
/** Tokens that as many conversations write before they are measured. */
const WARM_UP = 8
const python = await torchPython()
const temporary = mkdtempSync(join(tmpdir(), 'codevision-torch-bench-'))

try {
  const directory = options.directory ?? join(temporary, 'model')
  const drawing = performance.now()
  drawCheckpoint({ python, shape: options.shape, device: options.device, directory })
  const drawnSeconds = since(drawing)
  const opening = performance.now()
  const policy = await openTorchPolicy({
    python,
    environment: torchProcessEnvironment(),
    directory,
    device: options.device,
    train: options.train,
    temperature: 1,
    places: Math.max(...together),
    batchTokens: numbers['batch-tokens'],
  })
  try {
    const openSeconds = since(opening)
    const measured = await measure({ policy, config: await readModelConfig(directory) })
    const result = { shape: options.shape, train: options.train, drawnSeconds, openSeconds, ...measured }
    tellTorch(result)
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    await policy.close()
  }
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

async function measure({ policy, config }) {
  const images = new Map()
  const sampled = []
  for (const count of together) {
    // What is loaded, chosen or allocated at the first use of a number of conversations belongs to no figure but its own.
    const first = await sample({ policy, images, count, name: `first of ${count}`, write: WARM_UP })
    const own = await sample({ policy, images, count, name: `of ${count}`, write: numbers.write })
    sampled.push({ ...own, first })
  }
  const rollouts = Array.from({ length: together.at(-1) }, (_, at) => ({
    ledger: policy.ledgerOf({ key: `of ${together.at(-1)}, ${at}`, epoch: 0 }),
    images,
  }))
  const sequences = rollouts.map(({ ledger }) => sequenceOf({ ledger, config }))
  const isTrained = options.train !== 'none'
  const scored = await score({ policy, rollouts })
  const steps = isTrained ? await learn({ policy, rollouts, sequences }) : []
  const peak = Object.entries(PEAKS).find(([name]) => policy.facts.deviceName.includes(name))?.[1] ?? null
  return {
    ...{ facts: policy.facts, settings: { ...numbers, together }, peakFlops: peak, sampled },
    ...{ sequences, scored: { ...scored, flops: scoreFlops({ config, sequences }) } },
    ...{ steps, step: isTrained ? stepFlops({ config, sequences, train: options.train }) : null },
    ...{ weightBytes: textBytes(config), peakBytes: (await policy.usage()).peakBytes },
  }
}

async function sample({ policy, images, count, name, write }) {
  const { group, side, words, turns } = numbers
  let conversations = await openConversations({ count, group, side, words, images })
  const [before, began] = [await policy.usage(), performance.now()]
  for (let turn = 0; turn < turns; turn++)
    conversations = await nextTurn({
      ...{ policy, conversations, turn, maxTokens: write },
      keyOf: (at) => `${name}, ${at}`,
    })
  const seconds = since(began)
  return { together: count, seconds, ...difference(await policy.usage(), before) }
}

/** Log-probabilities of what was sampled, without gradients: of two times the second. */
async function score({ policy, rollouts }) {
  let measured
  for (let time = 0; time < 2; time++) {
    const began = performance.now()
    await policy.logprobs({ rollouts })
    measured = { seconds: since(began) }
  }
  return measured
}

async function learn({ policy, rollouts, sequences }) {
  const learned = sequences.reduce((sum, one) => sum + one.learned, 0)
  const steps = []
  for (let step = 0; step < numbers.steps; step++) {
    const [before, began] = [await policy.usage(), performance.now()]
    const { gradientNorm } = await policy.step({
      rollouts,
      learningRate: 1e-6,
      maxGradientNorm: 1,
      gradient: ({ logprobs }) => logprobs.map((own) => new Float64Array(own.length).fill(-1 / learned)),
    })
    const seconds = since(began)
    const { waitedSeconds } = difference(await policy.usage(), before)
    steps.push({ seconds, waitedSeconds, gradientNorm })
  }
  return steps
}

/** How many tokens of a rollout there are, are learned, and how many patches its pictures have. */
function sequenceOf({ ledger: { segments }, config }) {
  const sum = (values) => values.reduce((all, value) => all + value, 0)
  const merged = config.vision.mergeSize ** 2
  return {
    length: sum(segments.map(({ ids }) => ids.length)),
    learned: sum(segments.map(({ mask }) => sum([...mask]))),
    patches: sum(
      segments.flatMap(({ images }) => images.map(({ grid }) => grid.height * grid.width * merged)),
    ),
  }
}

function difference(after, before) {
  return Object.fromEntries(Object.keys(before).map((name) => [name, after[name] - before[name]]))
}

function since(began) {
  return (performance.now() - began) / 1000
}
