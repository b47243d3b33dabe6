import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import sharp from 'sharp'
import { EngineError, UsageError } from './core/errors.js'
import type { EncodedImage } from './core/image.js'
import type { Message } from './core/message.js'
import type { PolicyReply, PolicyRequest } from './core/policy.js'
import type { SampledLogprobs, TrainingRollout } from './core/trainable-policy.js'
import { openBackend } from './models/backend/open-backend.js'
import { openModel } from './models/open-model.js'
import { writeTinyCheckpoint } from './models/testing/tiny-checkpoint.js'
import { ADAMW_DEFAULTS } from './models/train/adamw.js'
import { createTrainer } from './models/train/trainer.js'
import { openTfjsPolicy } from './policies/tfjs/open-tfjs-policy.js'
import { toTrainingSegment } from './policies/tokens/to-training-segment.js'
import { openTorchPolicy, type OpenTorchPolicyParameters } from './policies/torch/open-torch-policy.js'
import type { TorchPolicy } from './policies/torch/torch-policy.js'
import { findTorchEnvironment } from './setup/torch-environment.js'
import { torchPython } from './wiring.js'

/** The engine as it is, over checkpoints of random weights; skipped unless CODEVISION_TEST_TORCH is 1 and `codevision setup python --torch` was run: they take minutes. */
const isAsked = process.env['CODEVISION_TEST_TORCH'] === '1' && (await findTorchEnvironment()) !== null
const withTorch = isAsked ? test : test.skip
/** PyTorch alone takes seconds to load, for each policy that is opened. */
jest.setTimeout(300_000)
const FAMILIES = ['qwen3_vl', 'qwen2_5_vl'] as const

let folder: string
let pictures: EncodedImage[]
const opened: TorchPolicy[] = []

beforeAll(async () => {
  if (!isAsked)
    process.stderr.write('Tests of the torch engine are skipped: npm run verify:full torch runs them.\n')
  folder = await mkdtemp(join(tmpdir(), 'torch-engine-'))
  await openBackend('wasm')
  for (const family of FAMILIES) await writeTinyCheckpoint({ directory: join(folder, family), family })
  pictures = await Promise.all([20, 120, 220].map(picture))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((policy) => policy.close()))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function picture(red: number, at: number): Promise<EncodedImage> {
  const [width, height] = [24 + 8 * at, 16]
  const background = { r: red, g: 90, b: 255 - red }
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
  const read = (): Promise<Buffer> => Promise.resolve(bytes)
  return { sha256: `picture ${red}`, width, height, mediaType: 'image/png', read }
}

async function open(parameters: Partial<OpenTorchPolicyParameters> = {}): Promise<TorchPolicy> {
  const policy = await openTorchPolicy({
    python: await torchPython(),
    environment: { OMP_NUM_THREADS: '2' },
    directory: join(folder, 'qwen3_vl'),
    device: 'cpu',
    temperature: 1,
    seed: 3,
    ...parameters,
  })
  opened.push(policy)
  return policy
}

const text = (value: string) => ({ type: 'text' as const, text: value })
const TOOL = { name: 'code_image_tool', description: 'Runs Python.', parameters: { type: 'object' } }
const shown = (at: number) => ({
  type: 'image' as const,
  index: 0,
  image: pictures[at % pictures.length] as EncodedImage,
})

const question = (words: string): Message[] => [
  { role: 'system', content: [text('Look.')] },
  { role: 'user', content: [shown(words.length), text(words)] },
]

function request(messages: Message[], key: string, rest: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    messages,
    tools: [TOOL],
    sample: { key, epoch: 0 },
    turn: messages.filter(({ role }) => role === 'assistant').length,
    maxTokens: 24,
    signal: new AbortController().signal,
    ...rest,
  }
}

/** Turns of one conversation, each ended by the model itself or cut; a cut one is where it ends. */
async function converse(policy: Pick<TorchPolicy, 'next'>, key: string, turns = 3): Promise<PolicyReply[]> {
  const replies: PolicyReply[] = []
  let messages = question(`${key}?`)
  while (replies.length < turns) {
    const reply = await policy.next(request(messages, key))
    replies.push(reply)
    if (reply.finishReason === 'length') break
    messages = [
      ...messages,
      { role: 'assistant', content: [text(reply.text)] },
      { role: 'tool', content: [shown(messages.length), text('Done.')] },
    ]
  }
  return replies
}

const KEYS = Array.from({ length: 12 }, (_, at) => `${'x'.repeat(at % 5)}${at}`)

/** What the policy sampled, ready to be trained. */
function rolloutsOf(policy: TorchPolicy, keys: readonly string[]): TrainingRollout[] {
  const images = new Map(pictures.map(({ sha256, read }) => [sha256, read]))
  return keys.map((key) => {
    const ledger = policy.ledgerOf({ key, epoch: 0 })
    if (ledger === null) throw new Error(`expected a ledger of ${key}`)
    return { ledger, images }
  })
}

const lessons = (policy: TorchPolicy): Promise<TrainingRollout[]> =>
  Promise.all(
    ['A', 'green', 'stop here'].map((answer, at) =>
      policy.encode({
        messages: [
          ...question(`${'?'.repeat(at + 1)}`),
          { role: 'assistant', content: [text(`I look: ${answer}.`)] },
          { role: 'tool', content: [shown(at), text('Done.')] },
          { role: 'assistant', content: [text(answer)] },
        ],
        tools: [TOOL],
      }),
    ),
  )

const flat = (parts: readonly ArrayLike<number>[]): number[] => parts.flatMap((part) => Array.from(part))
const farthest = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((most, value, at) => Math.max(most, Math.abs(value - (right[at] ?? NaN))), 0)
const meanLoss = (logprobs: readonly ArrayLike<number>[]): number => {
  const all = flat(logprobs)
  return -all.reduce((sum, value) => sum + value, 0) / all.length
}

/** ∂/∂logprob of the mean negative log-likelihood over `total` tokens. */
const likelihood = (total: number) => (part: { logprobs: SampledLogprobs }) =>
  part.logprobs.map((own) => new Float64Array(own.length).fill(-1 / total))

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)

withTorch.each(FAMILIES)(
  '%s: the two engines agree on log-probabilities, and on the losses of 20 AdamW steps',
  async (family) => {
    const directory = join(folder, family)
    const policy = await open({ directory, train: 'full' })
    const rollouts = await lessons(policy)
    const model = await openModel(directory)
    const segments = await Promise.all(
      rollouts.map((rollout) => toTrainingSegment({ rollout, config: model.processor })),
    )
    const trainer = createTrainer({
      ...model,
      isTrained: (name) => !name.startsWith('model.visual.'),
      optimizer: ADAMW_DEFAULTS,
    })
    const ours = await policy.logprobs({ rollouts })
    const apart = farthest(flat(ours), flat(await trainer.logprobs({ segments })))
    expect(apart).toBeLessThan(1e-4)

    const total = flat(ours).length
    const losses: { torch: number; tfjs: number }[] = []
    for (let step = 0; step < 20; step++) {
      let parts: SampledLogprobs = []
      const { gradientNorm } = await policy.step({
        rollouts,
        learningRate: 2e-3,
        maxGradientNorm: 1,
        gradient: (part) => {
          parts = part.logprobs
          return likelihood(total)(part)
        },
      })
      const theirs = trainer.backward({
        segments,
        gradient: (logprobs) => logprobs.map((own) => new Float32Array(own.length).fill(-1 / total)),
      })
      const update = await trainer.update({ learningRate: 2e-3, maxNorm: 1 })
      expect(Math.abs(gradientNorm - update.gradientNorm)).toBeLessThan(1e-3 * Math.max(1, gradientNorm))
      losses.push({ torch: meanLoss(parts), tfjs: meanLoss(theirs) })
    }
    const gap = Math.max(...losses.map(({ torch, tfjs }) => Math.abs(torch - tfjs)))
    expect(gap).toBeLessThan(1e-3)
    const [first, last] = [losses[0], losses.at(-1)].map((loss) => loss?.torch ?? NaN)
    expect(last).toBeLessThan((first ?? NaN) - 0.1)
    process.stdout.write(
      `agreement ${family}: log-probabilities of ${total} tokens within ${apart.toExponential(1)}, losses of 20 steps (${first?.toFixed(3)} to ${last?.toFixed(3)}) within ${gap.toExponential(1)}\n`,
    )
    trainer.dispose()
  },
)

withTorch.each([
  { family: 'qwen3_vl', sampling: { temperature: 1 } },
  { family: 'qwen2_5_vl', sampling: { temperature: 0.9, topP: 0.8, topK: 40 } },
])(
  '$family at $sampling: the torch engine samples what the tfjs engine samples, conversations together or alone',
  async ({ family, sampling }) => {
    const directory = join(folder, family)
    const together = await open({ directory, ...sampling })
    const replies = await Promise.all(KEYS.map((key) => converse(together, key)))
    const alone = await open({ directory, places: 1, ...sampling })
    const tfjs = await openTfjsPolicy({ directory, seed: 3, backend: 'wasm', ...sampling })
    for (const [at, key] of KEYS.entries()) {
      expect(await converse(alone, key)).toEqual(replies[at])
      expect(await converse(tfjs, key)).toEqual(replies[at])
      const [ours, theirs] = [together, tfjs].map(
        (policy) => policy.ledgerOf({ key, epoch: 0 })?.segments ?? [],
      )
      expect(ours?.map(({ ids }) => ids)).toEqual(theirs?.map(({ ids }) => ids))
      const sampled = [ours, theirs].map((segments) => flat(segments?.map(({ logprobs }) => logprobs) ?? []))
      expect(farthest(sampled[0] ?? [], sampled[1] ?? [])).toBeLessThan(1e-3)
    }
    expect(replies.some((turns) => turns.length > 1)).toBe(true)
    expect((await together.usage()).widest).toBeGreaterThan(4)
    expect((await alone.usage()).widest).toBe(1)
    await tfjs.close()
  },
)

withTorch('what was sampled has, as it is trained, the log-probabilities it was sampled with', async () => {
  const policy = await open({ temperature: 0.7, topP: 0.9, topK: 50 })
  await Promise.all(KEYS.slice(0, 4).map((key) => converse(policy, key)))
  const rollouts = rolloutsOf(policy, KEYS.slice(0, 4))
  const recorded = rollouts.map(({ ledger }) =>
    ledger.segments.flatMap(({ logprobs, mask }) => logprobs.filter((_, at) => mask[at] === 1)),
  )
  const computed = await policy.logprobs({ rollouts, temperature: 0.7 })
  expect(computed.map(({ length }) => length)).toEqual(recorded.map(({ length }) => length))
  expect(farthest(flat(recorded), flat(computed))).toBeLessThan(1e-4)
})

withTorch(
  'a step in parts is the step as a whole, and a gradient that fails leaves nothing behind',
  async () => {
    const whole = await open({ train: 'full' })
    const parted = await open({ train: 'full', batchTokens: 1 })
    const rollouts = await lessons(whole)
    const total = flat(await whole.logprobs({ rollouts })).length
    const asked: (readonly number[])[] = []
    const broken = parted.step({
      rollouts,
      learningRate: 1e-3,
      gradient: (part) => {
        if (part.rollouts[0] === 1) throw new RangeError('no such loss')
        return likelihood(total)(part)
      },
    })
    await expect(broken).rejects.toThrow('no such loss')
    const step = { rollouts, learningRate: 1e-3 }
    const one = await whole.step({ ...step, gradient: likelihood(total) })
    const other = await parted.step({
      ...step,
      gradient: (part) => {
        asked.push(part.rollouts)
        return likelihood(total)(part)
      },
    })
    expect(asked).toEqual([[0], [1], [2]])
    expect(other.gradientNorm).toBeCloseTo(one.gradientNorm, 4)
    const [left, right] = [await whole.logprobs({ rollouts }), await parted.logprobs({ rollouts })]
    expect(farthest(flat(left), flat(right))).toBeLessThan(1e-3)
  },
)

withTorch.each(['full', 'lora'] as const)(
  '%s: a policy that is saved and loaded goes on with the same next step',
  async (train) => {
    const directory = join(folder, `saved-${train}`)
    const first = await open({ train })
    const rollouts = await lessons(first)
    const step = { rollouts, learningRate: 5e-3, gradient: likelihood(100) }
    const before = flat(await first.logprobs({ rollouts }))
    await first.step(step)
    await first.save(directory)
    await first.save(directory)
    const saved = flat(await first.logprobs({ rollouts }))
    await first.step(step)
    const after = flat(await first.logprobs({ rollouts }))
    expect(farthest(before, saved)).toBeGreaterThan(1e-3)
    expect(farthest(saved, after)).toBeGreaterThan(1e-3)

    const second = await open({ train })
    await second.load(directory)
    expect(farthest(flat(await second.logprobs({ rollouts })), saved)).toBeLessThan(1e-5)
    await second.step(step)
    expect(farthest(flat(await second.logprobs({ rollouts })), after)).toBeLessThan(1e-5)

    // The other engine reads the checkpoint, adapters among its weights.
    const model = await openModel(directory)
    const trainer = createTrainer({ ...model, optimizer: ADAMW_DEFAULTS })
    const segments = await Promise.all(
      rollouts.map((rollout) => toTrainingSegment({ rollout, config: model.processor })),
    )
    expect(farthest(flat(await trainer.logprobs({ segments })), saved)).toBeLessThan(1e-4)
    trainer.dispose()
    const folders = await readdir(folder)
    expect(folders.filter((name) => name.startsWith('.'))).toEqual([])
  },
)

withTorch('a reference keeps the weights that were there when it was taken', async () => {
  const policy = await open({ train: 'lora' })
  const rollouts = await lessons(policy)
  const before = flat(await policy.logprobs({ rollouts }))
  const reference = await policy.reference()
  await policy.step({ rollouts, learningRate: 1e-2, gradient: likelihood(20) })
  await policy.step({ rollouts, learningRate: 1e-2, gradient: likelihood(20) })
  const after = flat(await policy.logprobs({ rollouts }))
  expect(farthest(flat(await reference.logprobs({ rollouts })), before)).toBe(0)
  expect(farthest(before, after)).toBeGreaterThan(1e-3)
  expect(farthest(flat(await policy.logprobs({ rollouts })), after)).toBe(0)
  await reference.dispose()
})

withTorch('bfloat16 weights learn at rates whose steps bfloat16 cannot hold', async () => {
  const policy = await open({ train: 'full', dtype: 'bfloat16' })
  expect(policy.facts.dtype).toBe('bfloat16')
  const rollouts = await lessons(policy)
  const total = flat(await policy.logprobs({ rollouts })).length
  const before = meanLoss(await policy.logprobs({ rollouts }))
  for (let at = 0; at < 60; at++)
    await policy.step({ rollouts, learningRate: 1e-4, gradient: likelihood(total) })
  expect(meanLoss(await policy.logprobs({ rollouts }))).toBeLessThan(before - 0.02)
})

withTorch(
  'a folder of another model, or of another training, is refused, and the policy goes on',
  async () => {
    const policy = await open({ train: 'full' })
    const rollouts = await lessons(policy)
    const before = flat(await policy.logprobs({ rollouts }))
    await expect(policy.load(join(folder, 'qwen2_5_vl'))).rejects.toThrow(UsageError)
    const adapted = await open({ train: 'lora' })
    await adapted.save(join(folder, 'adapted'))
    await expect(policy.load(join(folder, 'adapted'))).rejects.toThrow(
      /expected a checkpoint of training full/,
    )
    // Over weights that hold the adapters already, they would count twice.
    const over = await open({ train: 'lora', directory: join(folder, 'adapted') })
    await expect(over.load(join(folder, 'adapted'))).rejects.toThrow(UsageError)
    expect(flat(await policy.logprobs({ rollouts }))).toEqual(before)
  },
)

withTorch('an aborted turn ends, and the others go on', async () => {
  const policy = await open()
  const abort = new AbortController()
  const long = policy.next(request(question('long'), 'long', { maxTokens: 4000, signal: abort.signal }))
  const other = converse(policy, 'other', 1)
  abort.abort(new Error('enough'))
  await expect(long).rejects.toThrow('enough')
  expect((await other)[0]?.usage.completionTokens).toBeGreaterThan(0)
})

withTorch('a turn that says more characters than it may is ended', async () => {
  const policy = await open()
  const reply = await policy.next(request(question('wordy'), 'wordy', { maxTokens: 400, maxCharacters: 3 }))
  expect(reply.text.length).toBeLessThanOrEqual(3)
  expect(reply.usage.completionTokens).toBeLessThan(10)
})

withTorch(
  'a process that is killed fails what it was asked with an error that names it, and leaves nothing behind',
  async () => {
    const policy = await open()
    const { pid } = policy.facts
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    const exchange = command.split('\0').at(-2) ?? ''
    expect(existsSync(exchange)).toBe(true)
    const turn = policy.next(request(question('killed'), 'killed', { maxTokens: 4000 }))
    process.kill(pid, 'SIGKILL')
    await expect(turn).rejects.toThrow(EngineError)
    await expect(turn).rejects.toMatchObject({
      isRetryable: true,
      message: expect.stringContaining('SIGKILL'),
    })
    await expect(policy.next(request(question('again'), 'again'))).rejects.toThrow(EngineError)
    expect(isRunning(pid)).toBe(false)
    await policy.close()
    expect(existsSync(exchange)).toBe(false)
  },
)

withTorch('a policy that is closed leaves no process and no folder', async () => {
  const policy = await open()
  const { pid } = policy.facts
  const exchange = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').at(-2) ?? ''
  await policy.close()
  expect(isRunning(pid)).toBe(false)
  expect(existsSync(exchange)).toBe(false)
  await expect(policy.next(request(question('late'), 'late'))).rejects.toThrow('closed')
})

withTorch(
  'weights that are damaged are an error of the engine that says why, and its process is gone',
  async () => {
    const directory = join(folder, 'damaged')
    await cp(join(folder, 'qwen3_vl'), directory, { recursive: true })
    await writeFile(join(directory, 'model.safetensors'), 'no weights')
    await expect(open({ directory })).rejects.toThrow(/safetensors/i)
  },
)

withTorch(
  'memory that does not suffice is an error that says how much was asked for, and ends the process',
  async () => {
    const policy = await open({ batchTokens: 1e9 })
    const rollout = (length: number): TrainingRollout => {
      const given = {
        ids: Array(length).fill(65),
        mask: Array(length).fill(0),
        logprobs: Array(length).fill(0),
        images: [],
      }
      return {
        ledger: { segments: [given, { ids: [66], mask: [1], logprobs: [0], images: [] }] },
        images: new Map(),
      }
    }
    // Which token sees which, for two rollouts of a million tokens: two terabytes.
    const asked = policy.logprobs({ rollouts: [rollout(1e6), rollout(2)] })
    await expect(asked).rejects.toThrow(EngineError)
    await expect(asked).rejects.toMatchObject({
      isRetryable: false,
      message: expect.stringMatching(/memory/),
    })
    await policy.close()
    expect(isRunning(policy.facts.pid)).toBe(false)
  },
)
