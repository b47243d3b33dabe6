// Checkpoints that the engine trained and saved, loaded by the real transformers and peft: logits on text with an image, float32, against those of the process that trained them.
//
//   npm run build && node dist/cli/main.js setup python --torch && node scripts/verify-checkpoint.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import sharp from 'sharp'
import { openBackend } from '../dist/models/backend/open-backend.js'
import { writeSafetensors } from '../dist/models/checkpoint/write-safetensors.js'
import { ropePositions } from '../dist/models/positions/rope-positions.js'
import { logitsOf, runModel } from '../dist/models/run-model.js'
import { ADAMW_DEFAULTS } from '../dist/models/train/adamw.js'
import { trainerOf, TRAINS_ALL } from '../dist/models/train/trains.js'
import { loadPolicyModel } from '../dist/policies/tfjs/load-policy-model.js'
import { createTrainableTfjsPolicy } from '../dist/policies/tfjs/trainable-tfjs-policy.js'
import { findTorchEnvironment } from '../dist/setup/torch-environment.js'
import { toTrainingSegment } from '../dist/policies/tokens/to-training-segment.js'
import { writeTinyCheckpoint } from './trainers/tiny-checkpoint.mjs'
import { openVerification } from './trainers/verification.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const BOUND = 1e-4
const STEPS = 4
const LORA = {
  kind: 'lora',
  rank: 4,
  alpha: 8,
  targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj', 'visual.attn.qkv'],
}
/** How each checkpoint is trained and saved; what bfloat16 rounds away of a weight may move a logit. */
const TRAININGS = {
  full: { trains: TRAINS_ALL, bound: BOUND },
  lora: { trains: LORA, bound: BOUND },
  bfloat16: { trains: TRAINS_ALL, savedType: 'BF16', bound: 0.2 },
}

const work = mkdtempSync(join(tmpdir(), 'codevision-checkpoint-'))
const { check, end } = openVerification()

try {
  const torch = await findTorchEnvironment()
  if (torch === null)
    throw new Error('expected the environment of the torch engine, got none: codevision setup python --torch')
  await openBackend('wasm')
  const folders = []
  for (const family of ['qwen2_5_vl', 'qwen3_vl']) {
    const base = join(work, `${family}-base`)
    await writeTinyCheckpoint({ directory: base, family })
    for (const [kind, training] of Object.entries(TRAININGS)) {
      const folder = join(work, `${family}-${kind}`)
      mkdirSync(folder)
      await trainAndSave({ base, folder, ...training })
      folders.push(folder)
    }
  }
  for (const line of await linesOf({ torch, folders })) judge(line)
} finally {
  rmSync(work, { recursive: true, force: true })
}
end()

/** A few steps by heart; then the checkpoint, and the logits of the trained weights as they are in memory. */
async function trainAndSave({ base, folder, trains, savedType = 'F32' }) {
  const opened = await loadPolicyModel({ directory: base, backend: 'wasm' })
  const { config, processor, tokenizer, weights } = opened.parameters.model
  const optimizer = { ...ADAMW_DEFAULTS, weightDecay: 0.01 }
  const trainer = trainerOf({ config, weights, trains, optimizer, seed: 1 })
  const settings = { trains, optimizer }
  const policy = createTrainableTfjsPolicy({ opened, trainer, settings, tokensPerPart: 2048, savedType })
  const text = 'Red is at the left. Grün ist rechts.'
  const rollout = await policy.encode({ messages: await conversation(text), tools: [] })
  const gradient = ({ logprobs }) => logprobs.map((own) => own.map(() => -1 / own.length))
  const [before] = await policy.logprobs({ rollouts: [rollout] })
  for (let step = 0; step < STEPS; step++)
    await policy.step({ rollouts: [rollout], gradient, learningRate: 5e-3, maxGradientNorm: 1 })
  const [after] = await policy.logprobs({ rollouts: [rollout] })
  const mean = (all) => all.reduce((sum, value) => sum + value, 0) / all.length
  if (mean(after) < mean(before) + 0.1)
    throw new Error(`${folder}: expected a model that learns, got ${after}`)
  const { ids, images } = await toTrainingSegment({ rollout, config: processor })
  const logits = await logitsInMemory({ ids, images, config, weights: trainer.weights })
  const [{ patches, grid }] = images
  const count = grid.height * grid.width
  await writeSafetensors({
    path: join(folder, 'case.safetensors'),
    tensors: [
      { name: 'pixel_values', shape: [count, patches.length / count], read: async () => patches },
      { name: 'logits', shape: [ids.length, config.text.vocabularySize], read: async () => logits },
    ],
  })
  const adapters = trainer.trained.filter((name) => name.includes('lora_A')).length
  const told = { ids: [...ids], grid, base, adapters, text, textIds: tokenizer.encode(text) }
  writeFileSync(join(folder, 'case.json'), JSON.stringify(told))
  await policy.save(join(folder, 'saved'))
  await policy.close()
}

async function conversation(answer) {
  const pixels = Buffer.from(Array.from({ length: 32 * 16 * 3 }, (_, at) => (at * 37 + (at % 11) * 19) % 256))
  const bytes = await sharp(pixels, { raw: { width: 32, height: 16, channels: 3 } })
    .png()
    .toBuffer()
  const image = { sha256: 'drawn', width: 32, height: 16, mediaType: 'image/png', read: async () => bytes }
  const text = (value) => ({ type: 'text', text: value })
  return [
    { role: 'system', content: [text('Look.')] },
    { role: 'user', content: [{ type: 'image', index: 0, image }, text('What is where?')] },
    { role: 'assistant', content: [text(answer)] },
  ]
}

async function logitsInMemory({ ids, images, config, weights }) {
  const { tidy } = await import('@tensorflow/tfjs-core')
  const { mergeSize } = config.vision
  const grids = images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
  const positions = ropePositions({ ids, imagePad: config.tokens.imagePad, grids })
  const logits = tidy(() => {
    const hidden = runModel({ sequences: [{ ids, images, positions, past: 0 }], config, weights })
    return logitsOf({ hidden, config, weights })
  })
  const numbers = Float32Array.from(await logits.data())
  logits.dispose()
  return numbers
}

async function linesOf({ torch, folders }) {
  const done = await execa(torch.python, [join(root, 'scripts/trainers/checkpoint_logits.py'), ...folders], {
    reject: false,
    env: {
      PYTHONPATH: torch.site,
      HF_HUB_OFFLINE: '1',
      HF_HOME: join(work, 'hub'),
      CUDA_VISIBLE_DEVICES: '',
    },
  })
  check('Python ran to its end', done.exitCode === 0, done.stderr.slice(-3000))
  return done.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

function judge({ folder, way, difference, largest, strange, isSame, versions }) {
  if (versions !== undefined) {
    console.log(`with transformers ${versions.transformers}, torch ${versions.torch}`)
    return
  }
  if (way === 'tokenizer') {
    check(`${folder}: the tokenizer reads a text alike`, isSame)
    return
  }
  // What was trained must differ from what it began as, or the rest says nothing.
  const { bound } = TRAININGS[folder.split('-').at(-1)]
  const isRight = way === 'base' ? difference > 100 * bound : difference < bound
  const told = `${folder}: by ${way}, logits up to ${largest.toFixed(1)} differ by at most ${difference.toExponential(1)}`
  check(told, isRight && Object.keys(strange).length === 0, JSON.stringify(strange))
}
