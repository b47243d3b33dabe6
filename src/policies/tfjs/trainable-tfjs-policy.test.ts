import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { MemoryInfo } from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { UsageError } from '../../core/errors.js'
import type { EncodedImage } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import type { PolicyRequest } from '../../core/policy.js'
import type { TokenLedger } from '../../core/token-ledger.js'
import type { LogprobGradient, SampledLogprobs, TrainingRollout } from '../../core/trainable-policy.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { openCheckpoint } from '../../models/checkpoint/open-checkpoint.js'
import { KNOWN_CALLS, writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import { modelPart } from '../../models/train/model-part.js'
import type { Trains } from '../../models/train/trains.js'
import {
  openTrainableTfjsPolicy,
  type OpenTrainableTfjsPolicyParameters,
} from './open-trainable-tfjs-policy.js'
import type { TrainableTfjsPolicy } from './trainable-tfjs-policy.js'

let folder: string
let picture: EncodedImage
let memory: () => MemoryInfo

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainable-'))
  memory = (await import('@tensorflow/tfjs-core')).memory
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'qwen3_vl') })
  await writeTinyCheckpoint({ directory: join(folder, 'qwen2_5_vl'), family: 'qwen2_5_vl' })
  const bytes = await sharp({ create: { width: 32, height: 16, channels: 3, background: '#a04070' } })
    .png()
    .toBuffer()
  picture = {
    sha256: 'picture',
    width: 32,
    height: 16,
    mediaType: 'image/png',
    read: () => Promise.resolve(bytes),
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const FAMILIES = ['qwen3_vl', 'qwen2_5_vl']
const LORA: Trains = { kind: 'lora', rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] }

const open = (given: Partial<OpenTrainableTfjsPolicyParameters> = {}): Promise<TrainableTfjsPolicy> =>
  openTrainableTfjsPolicy({
    directory: join(folder, 'qwen3_vl'),
    backend: 'wasm',
    temperature: 1,
    seed: 3,
    ...given,
  })

const text = (value: string) => ({ type: 'text' as const, text: value })
const said = (value: string): Message => ({ role: 'assistant', content: [text(value)] })
const shown = (): Message => ({
  role: 'tool',
  content: [{ type: 'image', index: 1, image: picture }, text('Done.')],
})
const question = (words: string): Message[] => [
  { role: 'system', content: [text('Look.')] },
  { role: 'user', content: [{ type: 'image', index: 0, image: picture }, text(words)] },
]
const TOOLS = [{ name: 'code_image_tool', description: 'Runs Python.', parameters: { type: 'object' } }]

const request = (messages: readonly Message[], rest: Partial<PolicyRequest> = {}): PolicyRequest => ({
  messages,
  tools: TOOLS,
  sample: { key: 'k', epoch: 0 },
  turn: messages.filter(({ role }) => role === 'assistant').length,
  maxTokens: 12,
  signal: new AbortController().signal,
  ...rest,
})

/** Up to two turns under this key, as something to train on. */
async function rolloutOf(policy: TrainableTfjsPolicy, key: string): Promise<TrainingRollout> {
  const sample = { key, epoch: 0 }
  const first = await policy.next(request(question(`${key}?`), { sample }))
  if (first.finishReason === 'stop')
    await policy.next(request([...question(`${key}?`), said(first.text), shown()], { sample }))
  return { ledger: ledgerOf(policy, key), images: new Map([['picture', picture.read]]) }
}

function ledgerOf(policy: TrainableTfjsPolicy, key: string): TokenLedger {
  const ledger = policy.ledgerOf({ key, epoch: 0 })
  if (ledger === null) throw new Error(`expected a ledger of ${key}`)
  return { segments: ledger.segments.map((segment) => ({ ...segment })) }
}

const sampledIn = ({ segments }: TokenLedger): number[] =>
  segments.flatMap(({ logprobs, mask }) => logprobs.filter((_, at) => mask[at] === 1))

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0)

/** Gradient of the mean negative log-probability of all tokens. */
const crossEntropy =
  (rollouts: readonly TrainingRollout[]): LogprobGradient =>
  ({ logprobs }) => {
    const count = rollouts.reduce((total, { ledger }) => total + sampledIn(ledger).length, 0)
    return logprobs.map((own) => own.map(() => -1 / count))
  }

async function learn(policy: TrainableTfjsPolicy, rollouts: readonly TrainingRollout[]): Promise<number> {
  const { gradientNorm } = await policy.step({
    rollouts,
    gradient: crossEntropy(rollouts),
    learningRate: 0.01,
    maxGradientNorm: 1,
  })
  return gradientNorm
}

test.each(FAMILIES)(
  '%s: log-probabilities at a temperature are those of the sampling at it',
  async (name) => {
    const policy = await open({ directory: join(folder, name), temperature: 0.7 })
    const rollouts = [await rolloutOf(policy, 'a'), await rolloutOf(policy, 'bb')]
    const computed = await policy.logprobs({ rollouts, temperature: 0.7 })
    const other = await policy.logprobs({ rollouts })
    for (const [at, { ledger }] of rollouts.entries()) {
      const sampled = sampledIn(ledger)
      expect(computed[at]?.length).toBe(sampled.length)
      sampled.forEach((value, token) => expect(computed[at]?.[token]).toBeCloseTo(value, 3))
      expect(Math.abs(sum(other[at] ?? []) - sum(sampled))).toBeGreaterThan(0.05)
    }
    await policy.close()
  },
)

test.each([...FAMILIES.map((name) => [name, undefined] as const), ['qwen3_vl', LORA] as const])(
  '%s: a step by advantages makes what was rewarded likelier, and what was not less likely',
  async (name, trains) => {
    const policy = await open({ directory: join(folder, name), ...(trains !== undefined && { trains }) })
    const rollouts = [await rolloutOf(policy, 'a'), await rolloutOf(policy, 'bb')]
    const advantages = [1, -1]
    const before = await policy.logprobs({ rollouts })
    // That of GRPO's first step, where the ratio is 1.
    const gradient: LogprobGradient = (part) =>
      part.logprobs.map((own, at) => own.map(() => -(advantages[part.rollouts[at] ?? 0] ?? 0) / own.length))
    for (let step = 0; step < 3; step++)
      await policy.step({ rollouts, gradient, learningRate: 3e-3, maxGradientNorm: 1 })
    const after = await policy.logprobs({ rollouts })
    expect(sum(after[0] ?? [])).toBeGreaterThan(sum(before[0] ?? []))
    expect(sum(after[1] ?? [])).toBeLessThan(sum(before[1] ?? []))
    await policy.close()
  },
)

test('a masked token has no part in the gradient', async () => {
  const policy = await open()
  const whole = await rolloutOf(policy, 'a')
  const masked = {
    ...whole,
    ledger: {
      segments: whole.ledger.segments.map((segment, at) => ({
        ...segment,
        mask: at === 1 ? segment.mask.map((_, token) => (token === 0 ? 0 : 1) as 0 | 1) : segment.mask,
      })),
    },
  }
  // Nothing changes at a rate of 0; the norm tells of the gradient.
  const normOf = async (rollout: TrainingRollout, gradient: LogprobGradient): Promise<number> =>
    (await policy.step({ rollouts: [rollout], gradient, learningRate: 0 })).gradientNorm
  const ones: LogprobGradient = ({ logprobs }) => logprobs.map((own) => own.map(() => 1))
  const butFirst: LogprobGradient = ({ logprobs }) =>
    logprobs.map((own) => own.map((_, token) => (token === 0 ? 0 : 1)))
  const norm = await normOf(masked, ones)
  expect(norm).toBeGreaterThan(0.1)
  expect(await normOf(whole, butFirst)).toBeCloseTo(norm, 4)
  expect(Math.abs((await normOf(whole, ones)) - norm)).toBeGreaterThan(1e-3)
  const nothing: LogprobGradient = ({ logprobs }) => logprobs.map((own) => own.map(() => 0))
  expect(await normOf(whole, nothing)).toBe(0)
  await policy.close()
})

test('a step in parts asks for each rollout once, and gives the gradient of all at once', async () => {
  const policy = await open({ tokensPerPart: 1 })
  const together = await open()
  const rollouts = [await rolloutOf(policy, 'a'), await rolloutOf(policy, 'bb'), await rolloutOf(policy, 'c')]
  const asked: number[][] = []
  const seen: SampledLogprobs[] = []
  const gradient: LogprobGradient = (part) => {
    asked.push([...part.rollouts])
    seen.push(part.logprobs)
    return crossEntropy(rollouts)(part)
  }
  const logprobs = await policy.logprobs({ rollouts })
  const { gradientNorm } = await policy.step({ rollouts, gradient, learningRate: 0 })
  expect(asked).toEqual([[0], [1], [2]])
  seen.flat().forEach((own, at) => expect(own).toEqual(logprobs[at]))
  const all = await together.step({ rollouts, gradient, learningRate: 0 })
  expect(asked.at(-1)).toEqual([0, 1, 2])
  expect(all.gradientNorm).toBeCloseTo(gradientNorm, 4)
  await policy.close()
  await together.close()
})

test('a rollout without sampled tokens is left out, and has no log-probabilities', async () => {
  const policy = await open()
  const given = await rolloutOf(policy, 'a')
  const empty = { ...given, ledger: { segments: given.ledger.segments.slice(0, 1) } }
  const asked: number[] = []
  const gradient: LogprobGradient = (part) => {
    asked.push(...part.rollouts)
    return crossEntropy([given])(part)
  }
  await policy.step({ rollouts: [empty, given], gradient, learningRate: 0 })
  expect(asked).toEqual([1])
  expect((await policy.logprobs({ rollouts: [empty, given] })).map(({ length }) => length)).toEqual([
    0,
    sampledIn(given.ledger).length,
  ])
  await policy.close()
})

test('a step that is aborted, or whose loss fails, changes nothing and keeps nothing', async () => {
  const policy = await open({ tokensPerPart: 1 })
  const rollouts = [await rolloutOf(policy, 'a'), await rolloutOf(policy, 'bb')]
  const before = await policy.logprobs({ rollouts })
  const { model } = policy
  const abort = new AbortController()
  const aborting: LogprobGradient = (part) => {
    abort.abort(new Error('enough'))
    return crossEntropy(rollouts)(part)
  }
  const step = (gradient: LogprobGradient) =>
    policy.step({ rollouts, gradient, learningRate: 0.1, signal: abort.signal })
  await expect(step(aborting)).rejects.toThrow('enough')
  const infinite: LogprobGradient = ({ logprobs }) => logprobs.map((own) => own.map(() => Infinity))
  await expect(policy.step({ rollouts, gradient: infinite, learningRate: 0.1 })).rejects.toThrow(
    /expected finite gradients/,
  )
  expect(await policy.logprobs({ rollouts })).toEqual(before)
  expect(policy.model).toBe(model)
  const fresh = await open({ tokensPerPart: 1 })
  expect(await learn(policy, rollouts)).toBe(await learn(fresh, rollouts))
  await policy.close()
  await fresh.close()
})

test.each([
  ['the language model', { kind: 'parts', parts: ['language'] } as Trains],
  ['the projector', { kind: 'parts', parts: ['projector'] } as Trains],
])('where only %s is trained, all else keeps its last bit', async (_, trains) => {
  const policy = await open({ trains, optimizer: { weightDecay: 0.1 } })
  const rollouts = [await rolloutOf(policy, 'a')]
  await learn(policy, rollouts)
  await learn(policy, rollouts)
  const directory = join(folder, 'frozen')
  await policy.save(directory)
  const [before, after] = [await openCheckpoint(join(folder, 'qwen3_vl')), await openCheckpoint(directory)]
  const parts = trains.kind === 'parts' ? trains.parts : []
  for (const name of before.parameters.keys()) {
    const [was, is] = [await before.read(name), await after.read(name)]
    if (parts.includes(modelPart(name))) expect(is).not.toEqual(was)
    else expect(is).toEqual(was)
  }
  await before.close()
  await after.close()
  await policy.close()
})

test.each([
  ['all parameters', {}],
  ['adapters', { trains: LORA }],
])('sampling, steps and references of %s leave no tensor behind', async (_, given) => {
  const started = memory().numTensors
  const policy = await open({ ...given, keptConversations: 4 })
  const rollouts = [await rolloutOf(policy, 'a'), await rolloutOf(policy, 'bb')]
  await learn(policy, rollouts)
  const before = memory().numTensors
  for (let round = 0; round < 8; round++) {
    await rolloutOf(policy, `round ${round}`)
    const reference = await policy.reference()
    await policy.logprobs({ rollouts })
    await learn(policy, rollouts)
    await reference.logprobs({ rollouts })
    await reference.dispose()
  }
  expect(memory().numTensors).toBe(before)
  await policy.close()
  await policy.close()
  expect(memory().numTensors).toBe(started)
})

test('a reference stays as it was, and shares its numbers with the policy until a step', async () => {
  const policy = await open()
  const rollouts = [await rolloutOf(policy, 'a')]
  const buffers = memory().numDataBuffers
  const reference = await policy.reference()
  expect(memory().numDataBuffers).toBe(buffers)
  const before = await policy.logprobs({ rollouts })
  expect(await reference.logprobs({ rollouts })).toEqual(before)
  await learn(policy, rollouts)
  expect(await reference.logprobs({ rollouts })).toEqual(before)
  expect(await policy.logprobs({ rollouts })).not.toEqual(before)
  await reference.dispose()
  await policy.close()
})

test('a conversation that someone else wrote is encoded as the rollout in which it was sampled', async () => {
  const policy = await open({ temperature: 0 })
  const [call = '', answer] = [KNOWN_CALLS[0], 'ok']
  const messages = [...question('Which?'), said(call), shown(), said(answer)]
  const encoded = await policy.encode({ messages, tools: TOOLS })
  for (let step = 0; step < 40; step++) await learn(policy, [encoded])
  const first = await policy.next(request(question('Which?')))
  expect(first.text).toBe(call)
  const second = await policy.next(request(messages.slice(0, -1)))
  expect(second.text).toBe(answer)
  const plain = ({ segments }: TokenLedger) =>
    segments.map(({ ids, mask, images }) => ({ ids, mask, images }))
  expect(plain(encoded.ledger)).toEqual(plain(ledgerOf(policy, 'k')))
  expect(encoded.ledger.segments.map(({ mask }) => mask[0])).toEqual([0, 1, 0, 1])
  await policy.close()
})

test('conversations that cannot be trained are refused', async () => {
  const policy = await open()
  const encode = (messages: Message[]) => policy.encode({ messages, tools: [] })
  await expect(encode(question('Which?'))).rejects.toThrow(/a turn of the assistant, got system, user/)
  const native = { ...said(''), toolCalls: [{ id: '1', name: 'code_image_tool', arguments: '{}' }] }
  await expect(encode([...question('Which?'), native])).rejects.toThrow(/got a call of code_image_tool/)
  await expect(encode([...question('Which?'), said('x'.repeat(5000))])).rejects.toThrow(
    /at most 4096 tokens.*got one of 5\d\d\d/,
  )
  await policy.close()
})

test('a step lets go of keys and values: a rollout goes on from its ledger, with the new weights', async () => {
  const policy = await open({ temperature: 1 })
  const messages = [...question('Which?'), said(KNOWN_CALLS[0] ?? ''), shown(), said('ok')]
  const encoded = await policy.encode({ messages, tools: TOOLS })
  for (let step = 0; step < 40; step++) await learn(policy, [encoded])
  const first = await policy.next(request(question('Which?')))
  expect(first.finishReason).toBe('stop')
  await learn(policy, [encoded])
  await policy.next(request([...question('Which?'), said(first.text), shown()]))
  expect(policy.tally).toMatchObject({ restored: 1, continued: 0, restarted: 0 })
  const ledger = ledgerOf(policy, 'k')
  const [computed] = await policy.logprobs({ rollouts: [{ ...encoded, ledger }] })
  const last = ledger.segments.at(-1)?.logprobs ?? []
  last.forEach((value, at) => expect(computed?.at(at - last.length)).toBeCloseTo(value, 3))
  await policy.close()
})

test('a step does not wait for turns under way: their tokens are of the old weights before it, of the new ones after', async () => {
  const policy = await open()
  const [trained] = [await rolloutOf(policy, 'a')]
  const reference = await policy.reference()
  const keys = Array.from({ length: 12 }, (_, at) => `under way ${at}`)
  const before = memory().numTensors
  const turns = keys.map((key) =>
    policy.next(request(question(`${key}?`), { sample: { key, epoch: 0 }, maxTokens: 60 })),
  )
  // Keys and values of the first token.
  while (memory().numTensors <= before) await tick()
  await learn(policy, [trained])
  await Promise.all(turns)
  const rollouts = keys.map((key) => ({ ledger: ledgerOf(policy, key), images: trained.images }))
  const [old, now] = [await reference.logprobs({ rollouts }), await policy.logprobs({ rollouts })]
  const switches = rollouts.map(({ ledger }, at) => {
    const sampled = sampledIn(ledger)
    const isNear = (values: SampledLogprobs, token: number): boolean =>
      Math.abs((values[at]?.[token] ?? NaN) - (sampled[token] ?? NaN)) < 2e-3
    const switched = sampled.findIndex((_, token) => !isNear(old, token))
    if (switched >= 0) expect(sampled.every((_, token) => token < switched || isNear(now, token))).toBe(true)
    return switched
  })
  expect(switches.some((switched) => switched > 0)).toBe(true)
  await reference.dispose()
  await policy.close()
})

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test.each([
  ['all parameters', {}],
  ['all parameters, saved in bfloat16', { savedType: 'BF16' as const }],
  ['the language model', { trains: { kind: 'parts', parts: ['language'] } as Trains }],
  ['adapters', { trains: LORA }],
])('%s: training goes on from a checkpoint with the same next step, to the last bit', async (_, given) => {
  const settings = { ...given, optimizer: { beta2: 0.95, weightDecay: 0.1 } }
  const straight = await open(settings)
  const rollouts = [await rolloutOf(straight, 'a'), await rolloutOf(straight, 'bb')]
  const [directory, one, other] = ['saved', 'one', 'other'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await learn(straight, rollouts)
  await learn(straight, rollouts)
  await straight.save(directory)
  const resumed = await open(settings)
  await resumed.load(directory)
  expect(resumed.model).toBe(straight.model)
  expect(await learn(resumed, rollouts)).toBe(await learn(straight, rollouts))
  expect(await resumed.logprobs({ rollouts })).toEqual(await straight.logprobs({ rollouts }))
  await straight.save(one)
  await resumed.save(other)
  const files = ['model.safetensors', 'trainer/optimizer.safetensors', 'trainer/state.json', 'config.json']
  const adapters =
    'trains' in given && given.trains.kind === 'lora' ? ['adapter/adapter_model.safetensors'] : []
  for (const file of [...files, ...adapters])
    expect((await readFile(join(other, file))).equals(await readFile(join(one, file)))).toBe(true)
  await straight.close()
  await resumed.close()
})

test('a checkpoint is a policy of its own, by the weights that were trained', async () => {
  const trained = await open({ trains: LORA })
  const rollouts = [await rolloutOf(trained, 'a')]
  await learn(trained, rollouts)
  const directory = join(folder, 'own')
  await trained.save(directory)
  const own = await open({ directory })
  const [expected, got] = [await trained.logprobs({ rollouts }), await own.logprobs({ rollouts })]
  expected[0]?.forEach((value, at) => expect(got[0]?.[at]).toBeCloseTo(value, 3))
  expect(JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'))).toMatchObject({
    dtype: 'float32',
  })
  await trained.close()
  await own.close()
})

test('weights that were trained do not have the name of those they began as', async () => {
  const policy = await open()
  const rollouts = [await rolloutOf(policy, 'a')]
  const names = [policy.model]
  for (let step = 0; step < 2; step++) {
    await learn(policy, rollouts)
    names.push(policy.model)
  }
  expect(names).toEqual([
    expect.stringMatching(/^qwen3_vl@[0-9a-f]{12}\/wasm$/),
    expect.stringMatching(/^qwen3_vl@[0-9a-f]{12}\+1-[0-9a-f]{12}\/wasm$/),
    expect.stringMatching(/^qwen3_vl@[0-9a-f]{12}\+2-[0-9a-f]{12}\/wasm$/),
  ])
  await policy.close()
})

test('folders of another model, of another training, and of none are refused, and change nothing', async () => {
  const policy = await open({ trains: LORA })
  const rollouts = [await rolloutOf(policy, 'a')]
  await learn(policy, rollouts)
  const before = await policy.logprobs({ rollouts })
  const refuses = async (directory: string, message: RegExp): Promise<void> => {
    const refused = policy.load(directory)
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(message)
  }
  await refuses(
    join(folder, 'qwen2_5_vl'),
    /expected a checkpoint of the model that is open \(qwen3_vl\), got a qwen2_5_vl/,
  )
  await refuses(join(folder, 'qwen3_vl'), /trainer\/state\.json/)
  const other = await open({ trains: { ...LORA, rank: 2 } as Trains })
  await other.save(join(folder, 'rank'))
  await other.close()
  await refuses(join(folder, 'rank'), /expected a training with trains .*"rank":4.*got .*"rank":2/)
  await writeTinyCheckpoint({ directory: join(folder, 'drawn'), seed: 8 })
  const drawn = await open({ directory: join(folder, 'drawn'), trains: LORA })
  await drawn.save(join(folder, 'of-drawn'))
  await drawn.close()
  await refuses(join(folder, 'of-drawn'), /expected a training from the weights that are open/)
  await expect(policy.save(join(folder, 'qwen3_vl'))).rejects.toThrow(/expected another folder/)
  await expect(policy.save(join(folder, 'qwen2_5_vl'))).rejects.toThrow(/one that was written here before/)
  expect(await policy.logprobs({ rollouts })).toEqual(before)
  await policy.close()
})
