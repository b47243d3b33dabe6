import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadGrpoConfig, loadSftConfig, type TrainingOverrides } from './training-config.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-training-config-'))
afterAll(() => rm(folder, { recursive: true }))
const shipped = (name: string): string =>
  fileURLToPath(new URL(`../../configs/train/${name}`, import.meta.url))

async function written(text: string): Promise<string> {
  const path = join(folder, 'mine.yaml')
  await writeFile(path, text)
  return path
}

test('the shipped configurations say what the paper says, and what it leaves open as the release has it', async () => {
  const { training, model } = await loadGrpoConfig({ path: shipped('grpo-paper.yaml') })
  expect(training).toMatchObject({
    ...{ passes: 2, batch: 64, groupSize: 8, miniBatch: 32, learningRate: 1e-6, schedule: 'constant' },
    ...{ clipLow: 0.2, clipHigh: 0.28, dualClip: 10, klPenalty: 'low_var_kl', klCoefficient: 0.001 },
  })
  expect(model.temperature).toBe(1)
  const sft = await loadSftConfig({ path: shipped('sft-paper.yaml') })
  expect(sft.training).toMatchObject({
    ...{ passes: 2, batch: 128, learningRate: 5e-6, schedule: 'cosine', warmup: 0.05 },
  })
})

test('paths of a file are relative to it, those of the command line are not; a run is named for the file', async () => {
  const path = await written('model: { kind: tfjs, path: base }\ndata: [a.jsonl, b.jsonl]\n')
  const config = await loadSftConfig({ path })
  expect(config.model.path).toBe(join(folder, 'base'))
  expect(config.data).toEqual([join(folder, 'a.jsonl'), join(folder, 'b.jsonl')])
  expect(config.name).toBe('mine')
  const overridden = await loadSftConfig({
    path,
    overrides: { model: 'other', data: 'c.jsonl', name: 'named' },
  })
  expect([overridden.model.path, overridden.data, overridden.name]).toEqual(['other', ['c.jsonl'], 'named'])
  expect(resolve(overridden.model.path)).not.toBe(join(folder, 'other'))
})

test('folder of a vLLM server and socket of a sandbox are relative to the file that says them', async () => {
  await mkdir(join(folder, 'parts'), { recursive: true })
  await writeFile(
    join(folder, 'parts', 'machine.yaml'),
    'model: { kind: torch, vllm: { url: "http://localhost:8000", folder: weights } }\nsandbox: { runtime: { socket: run/sandbox.sock } }\n',
  )
  const path = await written(
    'extends: parts/machine.yaml\nmodel: { kind: torch, path: base }\ndata: rows.jsonl\n',
  )
  const { model, sandbox } = await loadGrpoConfig({ path })
  expect(model).toMatchObject({
    path: join(folder, 'base'),
    vllm: { folder: join(folder, 'parts', 'weights') },
  })
  expect(sandbox.runtime).toEqual({ socket: join(folder, 'parts', 'run/sandbox.sock') })
  const memory = await written(
    'model: { kind: torch, path: base, vllm: { url: "http://localhost:8000", folder: /dev/shm } }\ndata: rows.jsonl\n',
  )
  expect((await loadGrpoConfig({ path: memory })).model).toMatchObject({ vllm: { folder: '/dev/shm' } })
})

test('both engines train all weights unless they are told otherwise, and adapters leave the vision tower alone', async () => {
  const modelOf = async (model: string) => {
    const path = await written(`model: { path: base, ${model} }\ndata: a.jsonl\n`)
    return [(await loadSftConfig({ path })).model, (await loadGrpoConfig({ path })).model]
  }
  const all = ['language', 'embeddings', 'vision', 'projector']
  for (const one of await modelOf('kind: tfjs'))
    expect(one).toMatchObject({ trains: { kind: 'parts', parts: all } })
  for (const one of await modelOf('kind: torch'))
    expect(one).toMatchObject({ train: 'full', freezeVision: false })
  for (const one of await modelOf('kind: torch, freezeVision: true'))
    expect(one).toMatchObject({ train: 'full', freezeVision: true })
  for (const one of await modelOf('kind: torch, train: lora'))
    expect(one).toMatchObject({ train: 'lora', freezeVision: true })
  await expect(modelOf('kind: torch, freezevision: true')).rejects.toThrow(/freezevision.*freezeVision/s)
})

test('what is wrong is told with file, line and key', async () => {
  const path = await written(
    'model: { kind: tfjs, path: base }\ndata: rows.parquet\ntraining:\n  groupsize: 8\n',
  )
  await expect(loadGrpoConfig({ path })).rejects.toThrow(/mine\.yaml line 4: .*groupsize.*groupSize/s)
  const twofold = await written(
    'model: { kind: tfjs, path: base }\ndata: a.jsonl\nheldOut: { count: 3, data: b.jsonl }\n',
  )
  await expect(loadSftConfig({ path: twofold })).rejects.toThrow('expected `data` (a file or run) or `count`')
  const nothing = await written('model: { kind: tfjs, path: base }\n')
  await expect(loadGrpoConfig({ path: nothing })).rejects.toThrow('expected rows to learn from')
})

test('a wrong value of the command line is not blamed on the file', async () => {
  const path = await written('model: { kind: tfjs, path: base }\ndata: rows.jsonl\nseed: 3\n')
  for (const load of [loadSftConfig, loadGrpoConfig]) {
    const failureOf = (overrides: TrainingOverrides): Promise<unknown> =>
      load({ path, overrides }).catch((cause: unknown) => (cause instanceof Error ? cause.message : cause))
    expect(await failureOf({ seed: 1.5 })).toBe('command line: `seed`: expected a whole number, got 1.5')
    expect(await failureOf({ name: 'a b' })).toMatch(/^command line: `name`: .*, got "a b"$/)
    expect(await failureOf({ model: '' })).toMatch(/^command line: `model\.path`: /)
  }
  const list = await written('- model\n')
  await expect(loadSftConfig({ path: list, overrides: { seed: 1 } })).rejects.toThrow(/mine\.yaml: the whole/)
})

test('a group of one, a mini-batch above the batch and a list instead of keys are refused where they stand', async () => {
  const beginning = 'model: { kind: tfjs, path: base }\ndata: rows.jsonl\ntraining:\n'
  const alone = await written(`${beginning}  groupSize: 1\n`)
  await expect(loadGrpoConfig({ path: alone })).rejects.toThrow(
    /mine\.yaml line 4: `training\.groupSize`: expected at least 2 rollouts of a prompt.*, got 1/,
  )
  const large = await written(`${beginning}  batch: 4\n  miniBatch: 5\n`)
  await expect(loadGrpoConfig({ path: large })).rejects.toThrow(
    'mine.yaml line 5: `training.miniBatch`: expected at most the prompts of `training.batch`, got 5',
  )
  const list = await written('- model\n- data\n')
  await expect(loadGrpoConfig({ path: list })).rejects.toThrow(
    'mine.yaml: the whole value: expected object, got ["model","data"]',
  )
})

test('a deadline is switched off by null over a file that is extended, and one that no timer holds is refused', async () => {
  const base = join(folder, 'deadlines.yaml')
  await writeFile(
    base,
    'model: { kind: tfjs, path: base }\ndata: rows.parquet\ntraining: { deadlineSeconds: 60 }\nevaluation: { data: held.parquet, deadlineSeconds: 60 }\n',
  )
  const off = await written(
    'extends: deadlines.yaml\ntraining: { deadlineSeconds: null }\nevaluation: { deadlineSeconds: null }\n',
  )
  const { training, evaluation } = await loadGrpoConfig({ path: off })
  expect([training.deadlineSeconds, evaluation?.deadlineSeconds]).toEqual([null, null])
  for (const place of ['training', 'evaluation']) {
    const long = await written(`extends: deadlines.yaml\n${place}:\n  deadlineSeconds: 2592000\n`)
    await expect(loadGrpoConfig({ path: long })).rejects.toThrow(
      `mine.yaml line 3: \`${place}.deadlineSeconds\`: expected at most 2147483 seconds, since no timer holds more, or null for no deadline, got 2592000`,
    )
  }
})

test.each([
  ['sft', 'microBatch: 4', 'aggregation: token-mean', 'aggregation: micro-batch-token-mean'],
  ['grpo', 'microBatch: 1', 'aggregation: seq-mean-token-mean', 'aggregation: micro-batch-token-mean'],
  ['grpo', 'width: 512', 'aggregation: token-mean', 'aggregation: seq-mean-token-sum-norm'],
  ['grpo', 'importanceCap: 2', 'oldLogprobs: ledger', 'oldLogprobs: recomputed'],
])('%s: %s is refused beside %s, where it does nothing', async (method, setting, beside, goesWith) => {
  const load = method === 'sft' ? loadSftConfig : loadGrpoConfig
  const beginning = 'model: { kind: tfjs, path: base }\ndata: rows.jsonl\ntraining:\n'
  const [key, value] = setting.split(': ')
  const idle = await written(`${beginning}  ${beside}\n  ${setting}\n`)
  await expect(load({ path: idle })).rejects.toThrow(
    `mine.yaml line 5: \`training.${key}\`: expected none beside \`${beside}\`, where it does nothing; it goes with \`${goesWith}\`, got ${value}`,
  )
  const used = await written(`${beginning}  ${goesWith}\n  ${setting}\n`)
  expect((await load({ path: used })).training).toMatchObject({ [String(key)]: Number(value) })
})

test('a file that extends a shipped one may choose another aggregation', async () => {
  const base = shipped('grpo-release.yaml')
  const path = await written(`extends: ${base}\ntraining: { aggregation: token-mean }\n`)
  // The default stands in the record of a run, as it did before it was known whether one was said.
  expect((await loadGrpoConfig({ path })).training).toMatchObject({
    aggregation: 'token-mean',
    microBatch: 1,
  })
})

test('paths of a file that is extended are relative to it, and what is wrong there is told there', async () => {
  const base = join(folder, 'deep', 'base.yaml')
  await mkdir(join(folder, 'deep'))
  await writeFile(base, 'model: { kind: tfjs, path: base }\ndata: rows.parquet\ntraining:\n  steps: 3\n')
  const path = await written('extends: deep/base.yaml\nmodel: { path: mine }\n')
  const { model, data, training } = await loadGrpoConfig({ path })
  expect([model.path, data, training.steps]).toEqual([
    join(folder, 'mine'),
    join(folder, 'deep', 'rows.parquet'),
    3,
  ])
  await writeFile(base, 'model: { kind: tfjs, path: base }\ndata: rows.parquet\ntraining:\n  steps: -3\n')
  await expect(loadGrpoConfig({ path })).rejects.toThrow(/deep\/base\.yaml line 4: .*steps/)
})
