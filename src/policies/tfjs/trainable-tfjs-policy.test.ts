import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { MemoryInfo } from '@tensorflow/tfjs-core'
import type { LogprobGradient, SampledLogprobs, TrainingRollout } from '../../core/trainable-policy.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { KNOWN_CALLS, writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import type { Trains } from '../../models/train/trains.js'
import {
  openTrainableTfjsPolicy,
  type OpenTrainableTfjsPolicyParameters,
} from './open-trainable-tfjs-policy.js'
import {
  crossEntropy,
  learn,
  ledgerOf,
  question,
  request,
  rolloutOf,
  said,
  sampledIn,
  shown,
  TOOLS,
} from './testing/training-rollouts.js'
import type { TrainableTfjsPolicy } from './trainable-tfjs-policy.js'

let folder: string
let memory: () => MemoryInfo
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainable-'))
  memory = (await import('@tensorflow/tfjs-core')).memory
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'qwen3_vl') })
  await writeTinyCheckpoint({ directory: join(folder, 'qwen2_5_vl'), family: 'qwen2_5_vl' })
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

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0)

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

test('a policy with a helper thread trains as one without', async () => {
  const [alone, shared] = [await open({ workers: 0 }), await open({ workers: 1 })]
  const rollouts = []
  for (const key of ['a', 'bb', 'c']) rollouts.push(await rolloutOf(alone, key))
  for (let step = 0; step < 2; step++) {
    const norm = await learn(alone, rollouts)
    expect(Math.abs((await learn(shared, rollouts)) / norm - 1)).toBeLessThan(1e-4)
  }
  const [expected, got] = [await alone.logprobs({ rollouts }), await shared.logprobs({ rollouts })]
  got.forEach((own, at) => expect(Math.abs(sum(own) - sum(expected[at] ?? []))).toBeLessThan(1e-3))
  await alone.close()
  await shared.close()
})

test('workers that fit no memory are refused', async () => {
  const before = memory().numTensors
  await expect(open({ workers: 1e9 })).rejects.toThrow(/expected as many as fit into this machine's memory/)
  expect(memory().numTensors).toBe(before)
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
  const turns = keys.map((key) =>
    policy.next(request(question(`${key}?`), { sample: { key, epoch: 0 }, maxTokens: 60 })),
  )
  // The first tokens of several.
  while (policy.tally.widest < 2) await tick()
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
