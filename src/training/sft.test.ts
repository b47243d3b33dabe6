import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataError, EngineError, ModelError, UsageError } from '../core/errors.js'
import type { TrainingEvent } from './loop/training-event.js'
import type { StepMetrics } from './metrics/step-metrics.js'
import { trainSft } from './sft.js'
import { examplesOf, setUpSft } from './testing/sft-setup.js'
import { WORDS } from './testing/grpo-setup.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-sft-'))
afterAll(() => rm(folder, { recursive: true }))

async function metricsOf(path: string): Promise<StepMetrics[]> {
  const text = await readFile(join(path, 'metrics.jsonl'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StepMetrics)
}

test('a policy learns to write what the assistant wrote, and its loss on other conversations falls', async () => {
  const { policy, run, parameters } = await setUpSft({
    path: join(folder, 'learns'),
    settings: { totalSteps: 60, learningRate: 0.2 },
  })
  const heldOut = { examples: examplesOf([0, 3]), every: 30 }
  const result = await trainSft({ ...parameters, heldOut }).finally(() => run.close())
  expect(result.status).toBe('complete')
  const metrics = await metricsOf(run.path)
  const losses = metrics.flatMap(({ figures }) => figures['evaluation/loss'] ?? [])
  // Untrained, each of nine tokens is equally likely.
  expect(losses[0]).toBeCloseTo(Math.log(9), 10)
  expect(losses).toHaveLength(3)
  expect(losses.at(-1)).toBeLessThan(0.1)
  const [call = ''] = WORDS
  expect(policy.probabilityOf({ question: 'Which number is 3?', word: call })).toBeGreaterThan(0.9)
})

test('the learning rate warms up from 0 and falls along the cosine', async () => {
  const { run, parameters } = await setUpSft({ path: join(folder, 'rate') })
  await trainSft(parameters).finally(() => run.close())
  const metrics = await metricsOf(run.path)
  const rates = metrics.map(({ figures }) => (figures.learningRate ?? NaN) / 0.05)
  const expected = [0, 1 / 2, ...[0, 1, 2, 3, 4, 5, 6].map((at) => 0.5 * (1 + Math.cos((Math.PI * at) / 7)))]
  expect(rates).toHaveLength(expected.length)
  rates.forEach((rate, step) => expect(rate).toBeCloseTo(expected[step] ?? NaN, 12))
  // Three steps take the ten conversations once: four, four and two.
  expect(metrics.map(({ pass }) => pass)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
})

/** Steps of lines that tell figures of an evaluation, and of those that do not. */
async function linesOf(path: string): Promise<string[]> {
  const metrics = await metricsOf(path)
  return metrics.map(({ step, figures }) => `${'evaluation/loss' in figures ? 'evaluated' : 'step'} ${step}`)
}

test('an evaluation that fails loses no step, and is made up for when the training goes on', async () => {
  for (const every of [2, 5]) {
    const path = join(folder, `fails-${every}`)
    const { policy, run, parameters } = await setUpSft({ path, settings: { totalSteps: 4 } })
    const heldOut = { examples: examplesOf([0, 3]), every: 2 }
    const checkpoints = { every }
    let measurements = 0
    const failing = {
      ...policy,
      logprobs: (request: Parameters<typeof policy.logprobs>[0]) =>
        ++measurements === 2
          ? Promise.reject(new ModelError('The engine is gone.'))
          : policy.logprobs(request),
    }
    await expect(
      trainSft({ ...parameters, policy: failing, heldOut, checkpoints }).finally(() => run.close()),
    ).rejects.toThrow('The engine is gone.')
    expect(await readdir(join(path, 'checkpoints'))).toEqual(['step-000002'])

    const next = await setUpSft({ path, mode: 'resume', settings: { totalSteps: 4 } })
    const ended = await trainSft({ ...next.parameters, heldOut, checkpoints }).finally(() => next.run.close())
    expect(ended.status).toBe('complete')
    expect(await linesOf(path)).toEqual([
      ...['evaluated 0', 'step 1', 'step 2', 'evaluated 2', 'step 3', 'step 4', 'evaluated 4'],
    ])
  }
})

test.each([
  ['in the last step', 'update'],
  ['in the evaluation after it', 'evaluation'],
] as const)(
  'a training that is stopped %s saves without an evaluation, and is not complete before it was made',
  async (_, phase) => {
    const path = join(folder, `stopped-${phase}`)
    const { run, parameters } = await setUpSft({ path, settings: { totalSteps: 2 } })
    const heldOut = { examples: examplesOf([0, 3]), every: 10 }
    const drain = new AbortController()
    const stopped = await trainSft({
      ...{ ...parameters, heldOut, interrupts: { drain: drain.signal } },
      onEvent: (event: TrainingEvent) => {
        if (event.type === 'progress' && event.phase === phase && event.step === 2) drain.abort()
      },
    }).finally(() => run.close())
    expect(stopped).toMatchObject({ status: 'interrupted', step: 2, checkpoint: { state: { step: 2 } } })
    expect(await linesOf(path)).toEqual(['evaluated 0', 'step 1', 'step 2'])

    for (let session = 0; session < 2; session++) {
      const next = await setUpSft({ path, mode: 'resume', settings: { totalSteps: 2 } })
      const ended = await trainSft({ ...next.parameters, heldOut }).finally(() => next.run.close())
      expect(ended).toMatchObject({ status: 'complete', step: 2 })
      expect(await linesOf(path)).toEqual(['evaluated 0', 'step 1', 'step 2', 'evaluated 2'])
    }
  },
)

test('a checkpoint that the policy cannot load is told with what goes on from the one before', async () => {
  const path = join(folder, 'damaged')
  const { run, parameters } = await setUpSft({ path })
  const checkpoints = { every: 1, keep: 2 }
  await trainSft({ ...parameters, checkpoints, stopAfter: 2 }).finally(() => run.close())
  const next = await setUpSft({ path, mode: 'resume' })
  const torn = new UsageError('optimizer.safetensors: expected a safetensors file, got 1000 bytes')
  const policy = { ...next.policy, load: () => Promise.reject(torn) }
  const resumed = trainSft({ ...next.parameters, policy, checkpoints }).finally(() => next.run.close())
  const damaged = join(path, 'checkpoints', 'step-000002')
  await expect(resumed).rejects.toMatchObject({
    name: 'StoreError',
    message: `${damaged} could not be loaded: ${torn.message}; where its files are damaged, remove it to go on from the one before, or to begin anew where there is none`,
    cause: torn,
  })
  // What says nothing of the files is told as it is.
  const noMemory = new EngineError('the GPU has no memory left', { isRetryable: true })
  const full = await setUpSft({ path, mode: 'resume' })
  await expect(
    trainSft({
      ...{ ...full.parameters, checkpoints },
      policy: { ...full.policy, load: () => Promise.reject(noMemory) },
    }).finally(() => full.run.close()),
  ).rejects.toBe(noMemory)
  await rm(damaged, { recursive: true })
  const again = await setUpSft({ path, mode: 'resume' })
  const ended = await trainSft({ ...again.parameters, checkpoints }).finally(() => again.run.close())
  expect(ended.status).toBe('complete')
  expect((await metricsOf(path)).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('a training that is stopped before it begins neither evaluates nor takes a step', async () => {
  const path = join(folder, 'early')
  const { run, parameters } = await setUpSft({ path })
  const heldOut = { examples: examplesOf([0, 3]), every: 2 }
  const interrupts = { drain: AbortSignal.abort() }
  const result = await trainSft({ ...parameters, heldOut, interrupts }).finally(() => run.close())
  expect(result).toMatchObject({ status: 'interrupted', step: 0, checkpoint: null })
  expect(await readFile(join(path, 'metrics.jsonl'), 'utf8')).toBe('')
})

test.each([
  [
    'that the engine cannot take',
    () => Promise.resolve({ messages: [], tools: [] }),
    'expected a conversation with a turn of the assistant, got none',
  ],
  [
    'whose image is gone',
    () => Promise.reject(new DataError('expected an image file at picture.png')),
    'expected an image file at picture.png',
  ],
])('a conversation %s is told by its name', async (name, read, message) => {
  const { run, parameters } = await setUpSft({ path: join(folder, name) })
  const examples = { ...parameters.examples, count: 1, nameOf: () => 'talks-7', read }
  const training = trainSft({ ...parameters, examples }).finally(() => run.close())
  await expect(training).rejects.toThrow(DataError)
  await expect(training).rejects.toThrow(
    `conversation talks-7: ${message}; put back what the training began with and resume it, or leave it out`,
  )
})
