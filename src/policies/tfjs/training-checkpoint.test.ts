import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { openCheckpoint } from '../../models/checkpoint/open-checkpoint.js'
import { writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import { modelPart } from '../../models/train/model-part.js'
import type { Trains } from '../../models/train/trains.js'
import {
  openTrainableTfjsPolicy,
  type OpenTrainableTfjsPolicyParameters,
} from './open-trainable-tfjs-policy.js'
import { learn, rolloutOf } from './testing/training-rollouts.js'
import type { TrainableTfjsPolicy } from './trainable-tfjs-policy.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'training-checkpoint-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'qwen3_vl') })
  await writeTinyCheckpoint({ directory: join(folder, 'qwen2_5_vl'), family: 'qwen2_5_vl' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const LORA: Trains = { kind: 'lora', rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'] }

const open = (given: Partial<OpenTrainableTfjsPolicyParameters> = {}): Promise<TrainableTfjsPolicy> =>
  openTrainableTfjsPolicy({
    directory: join(folder, 'qwen3_vl'),
    backend: 'wasm',
    temperature: 1,
    seed: 3,
    ...given,
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
