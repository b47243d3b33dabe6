import { afterAll, afterEach, expect, jest, test } from '@jest/globals'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseReward } from '../config/reward-config.js'
import { Deferred } from '../core/deferred.js'
import { suppressedBy } from '../core/suppressed-errors.js'
import { ModelError } from '../core/errors.js'
import type { Sample } from '../core/sample.js'
import { openRun } from '../store/open-run.js'
import { writeRows } from '../evaluation/testing/rows.js'
import { evaluateTasks } from './evaluate-tasks.js'
import { trainGrpo } from './grpo.js'
import type { TrainingEvent } from './loop/training-event.js'
import type { StepMetrics } from './metrics/step-metrics.js'
import { setUpGrpo } from './testing/grpo-setup.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-grpo-'))
afterAll(() => rm(folder, { recursive: true }))
const rows = await writeRows({ path: join(folder, 'rows.jsonl'), count: 6 })

const metricsOf = async (path: string): Promise<StepMetrics[]> =>
  (await readFile(join(path, 'metrics.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StepMetrics)

async function samplesOf(path: string): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(sample)
  return samples
}

/** Far beyond what rollouts take here: it is over when a test says so, not by the clock of a machine that may be busy. */
const DEADLINE_MS = 3_600_000

/** Hold the timers of deadlines, and nothing else, until {@link reachDeadline}. */
function holdDeadlines(): void {
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'],
  })
}
const reachDeadline = (): void => void jest.advanceTimersByTime(DEADLINE_MS)
afterEach(() => void jest.useRealTimers())

test('a policy learns the answers that are rewarded', async () => {
  const { policy, run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'learns'),
    settings: { totalSteps: 60, batch: 6, groupSize: 8, learningRate: 0.1 },
  })
  const asked = { question: 'Which number is 4?', word: '<answer>4</answer>' }
  const before = policy.probabilityOf(asked)
  const signal = new AbortController().signal
  const answers = () => evaluateTasks({ tasks: parameters.tasks, parameters, signal })
  try {
    const result = await trainGrpo({ ...parameters, evaluation: { every: 30, measure: answers } })
    expect(result).toMatchObject({ status: 'complete', step: 60 })
  } finally {
    await run.close()
  }
  const metrics = await metricsOf(run.path)
  const accuracy = metrics.flatMap(({ figures }) => figures.accuracy ?? [])
  const late = accuracy.slice(-10).reduce((sum, value) => sum + value, 0) / 10
  expect(accuracy[0]).toBeLessThan(0.5)
  expect(late).toBeGreaterThan(0.9)
  expect(policy.probabilityOf(asked)).toBeGreaterThan(before)
  expect(policy.kept).toBe(0)
  const evaluated = metrics.flatMap(({ step, figures }) => ('evaluation/accuracy' in figures ? [step] : []))
  expect(evaluated).toEqual([0, 30, 60])
})

test('a step is measured: rewards by part, turns, errors, lengths, divergence, clipping, seconds', async () => {
  const { run, parameters } = await setUpGrpo({ rows, path: join(folder, 'measured') })
  const events: TrainingEvent[] = []
  await trainGrpo({ ...parameters, stopAfter: 2, onEvent: (event) => events.push(event) }).finally(() =>
    run.close(),
  )
  const metrics = await metricsOf(run.path)
  expect(metrics.map(({ step, pass }) => [step, pass])).toEqual([
    [1, 0],
    [2, 0],
  ])
  for (const name of [
    ...[
      'reward/total',
      'reward/r_acc',
      'reward/outcome',
      'accuracy',
      'turns',
      'toolErrorRate',
      'entropy',
      'kl',
    ],
    ...[
      'clipFraction',
      'dualClipFraction',
      'tokens/sampled',
      'tokens/perSecond',
      'gradientNorm',
      'learningRate',
    ],
    ...[
      'groups/degenerate',
      'difficulty',
      'seconds/rollout',
      'seconds/sandbox',
      'seconds/reward',
      'seconds/train',
    ],
    ...['samplerDrift', 'policyDistance', 'loss/policy', 'loss/kl'],
  ])
    expect(metrics[0]?.figures[name]).toEqual(expect.any(Number))
  for (const { figures } of metrics) {
    const { 'seconds/sandboxBusy': busy = NaN, 'seconds/sandboxAlone': alone = NaN } = figures
    expect(alone).toBeGreaterThanOrEqual(0)
    expect(busy).toBeGreaterThanOrEqual(alone)
    expect(figures['seconds/rollout']).toBeGreaterThanOrEqual(busy)
  }
  // The engine computes what it sampled with, and the first step has not gone anywhere yet.
  expect(metrics[0]?.figures.samplerDrift).toBeLessThan(1e-12)
  expect(metrics[0]?.figures.kl).toBeGreaterThanOrEqual(0)
  // One mini-batch is a prompt whose rollouts are all alike.
  expect(metrics[0]?.figures).toMatchObject({ updates: 1, updatesSkipped: 1 })
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['started', 'progress', 'step', 'checkpoint']),
  )
  const samples = await samplesOf(run.path)
  expect(samples).toHaveLength(2 * parameters.settings.groupSize)
  expect(
    samples.every(({ reward, metadata }) => reward !== null && metadata?.trainingStep !== undefined),
  ).toBe(true)
})

test('what the machine failed is in no group and no loss, and is counted', async () => {
  const { run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'failed'),
    settings: { batch: 6, keepSamples: { every: 1, prompts: 6 } },
    before: ({ sample }) =>
      // One rollout of each task; its answer would have been as good as any.
      sample.epoch % 4 === 1 ? Promise.reject(new ModelError('The server is gone.')) : Promise.resolve(),
  })
  const told: string[] = []
  const onEvent = (event: TrainingEvent): void => {
    if (event.type === 'failed') told.push(`step ${event.step}: ${event.sample.error?.message}`)
  }
  await trainGrpo({ ...parameters, stopAfter: 1, onEvent }).finally(() => run.close())
  expect(told).toEqual(Array(6).fill('step 1: The server is gone.'))
  const [metrics] = await metricsOf(run.path)
  expect(metrics?.figures).toMatchObject({
    'rollouts/ended': 18,
    'rollouts/failed': 6,
    'rollouts/stragglers': 0,
    'rollouts/learned': 18,
    'groups/usable': 6,
  })
  const failed = (await samplesOf(run.path)).filter(({ outcome }) => outcome === 'model-error')
  expect(failed.map(({ reward, trajectory }) => [reward, trajectory])).toEqual(failed.map(() => [null, null]))
  expect(failed).toHaveLength(6)
})

test('a rollout that is alone in its group, since the others failed, is not learned from', async () => {
  const { run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'lone'),
    before: ({ sample }) =>
      sample.epoch % 4 === 0 ? Promise.resolve() : Promise.reject(new ModelError('gone')),
  })
  await trainGrpo({ ...parameters, stopAfter: 1 }).finally(() => run.close())
  const [metrics] = await metricsOf(run.path)
  expect(metrics?.figures).toMatchObject({
    ...{ 'groups/lone': 3, 'rollouts/learned': 0 },
    ...{ updates: 0, updatesSkipped: 2, 'updatesSkipped/lone': 2 },
  })
})

test('rollouts that have not ended at the deadline are cut off, counted, and not learned from', async () => {
  const { run, policy, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'late'),
    settings: { deadlineMs: DEADLINE_MS, concurrency: 12, keepSamples: { every: 1, prompts: 3 } },
    before: ({ sample, signal }) =>
      sample.epoch % 4 !== 2
        ? Promise.resolve()
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  })
  holdDeadlines()
  const failed: TrainingEvent[] = []
  await trainGrpo({
    ...parameters,
    stopAfter: 1,
    onEvent: (event) => {
      if (event.type === 'failed') failed.push(event)
      if (event.type === 'progress' && event.phase === 'rollouts' && event.done === 9) reachDeadline()
    },
  }).finally(() => run.close())
  const [metrics] = await metricsOf(run.path)
  expect(metrics?.figures).toMatchObject({
    'rollouts/stragglers': 3,
    'rollouts/ended': 9,
    'rollouts/failed': 0,
  })
  expect(policy.kept).toBe(0)
  expect(failed).toEqual([])
  const late = (await samplesOf(run.path)).filter(({ error }) => error?.name === 'DeadlineError')
  expect(late).toHaveLength(3)
})

test('what the machine failed in an evaluation is told too', async () => {
  const { run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'evaluated'),
    before: ({ sample }) =>
      sample.epoch >= 2 ** 31 ? Promise.reject(new ModelError('The server is gone.')) : Promise.resolve(),
  })
  const told: string[] = []
  await trainGrpo({
    ...{ ...parameters, stopAfter: 1 },
    evaluation: {
      every: 1,
      measure: ({ signal, onFailed }) =>
        evaluateTasks({ tasks: parameters.tasks, parameters, signal, onFailed }),
    },
    onEvent: (event) => {
      if (event.type === 'failed') told.push(`after ${event.step}: ${event.sample.error?.message}`)
    },
  }).finally(() => run.close())
  expect(told).toEqual([0, 1].flatMap((step) => Array(6).fill(`after ${step}: The server is gone.`)))
})

test('a step in which no rollout ended is an error that says why, and the data is not passed over', async () => {
  const { run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'none'),
    before: () => Promise.reject(new ModelError('The server is gone.')),
  })
  await expect(trainGrpo(parameters)).rejects.toThrow(
    'step 1: expected rollouts to learn from, but none of 12 ended: The server is gone.',
  )
  await run.close()
})

test('groups that answer all right or all wrong are left out where the filter says so', async () => {
  const { run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'filtered'),
    settings: { groupFilter: 'accuracy', totalSteps: 3, batch: 6 },
  })
  await trainGrpo(parameters).finally(() => run.close())
  for (const { figures } of await metricsOf(run.path)) {
    expect(figures['groups/filtered']).toBe(
      (figures['groups/allRight'] ?? 0) + (figures['groups/allWrong'] ?? 0),
    )
    expect(figures['rollouts/learned']).toBe(24 - 4 * (figures['groups/filtered'] ?? 0))
    const { updates = NaN, updatesSkipped = NaN } = figures
    expect(updates + updatesSkipped).toBe(3)
  }
})

test('a training whose rewards are all equal goes nowhere, whatever the divergence', async () => {
  const unanswerable = join(folder, 'unanswerable.jsonl')
  const lines = (await readFile(rows, 'utf8')).trim().split('\n')
  const without = lines.map((line) => `${JSON.stringify({ ...JSON.parse(line), answer: 'nothing' })}\n`)
  await writeFile(unanswerable, without.join(''))
  const { policy, run, parameters } = await setUpGrpo({ rows: unanswerable, path: join(folder, 'equal') })
  const asked = { question: 'Which number is 4?', word: '<answer>4</answer>' }
  const before = policy.probabilityOf(asked)
  const reward = parseReward({ variant: 'paper', without: ['strategy', 'penalty', 'format'] })
  await trainGrpo({ ...parameters, reward: { ...parameters.reward, parameters: reward } }).finally(() =>
    run.close(),
  )
  expect(policy.probabilityOf(asked)).toBe(before)
  const metrics = await metricsOf(run.path)
  expect(metrics).toHaveLength(6)
  for (const { figures } of metrics)
    expect(figures).toMatchObject({
      ...{ 'reward/total': 0, 'groups/degenerate': 3, 'rollouts/learned': 12 },
      ...{ updates: 0, updatesSkipped: 2, 'updatesSkipped/equal': 2 },
    })
})

test('an evaluation is cut off at its deadline, and tells how many rollouts had not ended', async () => {
  const { policy, run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'evaluated late'),
    settings: { concurrency: 6 },
    before: ({ sample, signal }) =>
      sample.key === hanging
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : Promise.resolve(),
  })
  await run.close()
  const { tasks } = parameters
  const hanging = (await tasks.read([2]))[0]?.key
  const { signal } = new AbortController()
  holdDeadlines()
  const figures = await evaluateTasks({
    ...{ tasks, parameters, deadlineMs: DEADLINE_MS, signal },
    onRollout: (done, of) => {
      if (done === of - 1) reachDeadline()
    },
  })
  expect(figures).toMatchObject({ failed: 0, stragglers: 1, accuracy: expect.any(Number) })
  expect(policy.kept).toBe(0)
})

test('an evaluation without a deadline takes its time, whatever that of the steps; one that no timer holds is refused', async () => {
  const reached = new Deferred<void>()
  const { run, parameters } = await setUpGrpo({
    rows,
    path: join(folder, 'no deadline'),
    settings: { concurrency: 6, deadlineMs: DEADLINE_MS },
    before: ({ sample }) => (sample.key === slow ? reached.promise : Promise.resolve()),
  })
  await run.close()
  const { tasks } = parameters
  const slow = (await tasks.read([2]))[0]?.key
  const asked = { tasks, parameters, signal: new AbortController().signal }
  holdDeadlines()
  const figures = await evaluateTasks({
    ...{ ...asked, deadlineMs: null },
    onRollout: (done, of) => {
      if (done !== of - 1) return
      reachDeadline()
      reached.resolve()
    },
  })
  expect(figures).toMatchObject({ failed: 0, stragglers: 0 })
  await expect(evaluateTasks({ ...asked, deadlineMs: 2 ** 31 })).rejects.toThrow(
    'expected a deadline (deadlineMs) of at most 2147483647 ms',
  )
})

test('the newest checkpoints are kept, and what an interrupted training did is not lost', async () => {
  const { run, parameters } = await setUpGrpo({ rows, path: join(folder, 'kept') })
  const drain = new AbortController()
  const result = await trainGrpo({
    ...parameters,
    checkpoints: { every: 1, keep: 2 },
    interrupts: { drain: drain.signal },
    onEvent: (event) => {
      if (event.type === 'progress' && event.step === 4) drain.abort()
    },
  }).finally(() => run.close())
  expect(result).toMatchObject({ status: 'interrupted', step: 4, totalSteps: 6 })
  expect((await readdir(join(run.path, 'checkpoints'))).sort()).toEqual(['step-000003', 'step-000004'])
})

test('log-probabilities of the ledger and those that are computed anew train alike where the engine is exact', async () => {
  const tables: string[] = []
  for (const oldLogprobs of ['recomputed', 'ledger'] as const) {
    const { run, parameters } = await setUpGrpo({
      rows,
      path: join(folder, oldLogprobs),
      settings: { oldLogprobs, totalSteps: 2, miniBatch: 9 },
    })
    const { checkpoint } = await trainGrpo(parameters).finally(() => run.close())
    tables.push(await readFile(join(checkpoint?.policy ?? '', 'table.json'), 'utf8'))
  }
  expect(tables[0]).toBe(tables[1])
})

test('a cancelled training stops at once and leaves its last checkpoint', async () => {
  const { run, parameters } = await setUpGrpo({ rows, path: join(folder, 'cancelled') })
  const cancel = new AbortController()
  const running = trainGrpo({
    ...parameters,
    checkpoints: { every: 1 },
    interrupts: { cancel: cancel.signal },
    onEvent: (event) => {
      if (event.type === 'progress' && event.step === 3 && event.done === 2) cancel.abort()
    },
  })
  await expect(running).rejects.toThrow()
  await run.close()
  expect((await readdir(join(run.path, 'checkpoints'))).sort()).toEqual(['step-000001', 'step-000002'])
})

test('a reference that cannot be let go of does not hide why the training broke off', async () => {
  const { run, policy, parameters } = await setUpGrpo({ rows, path: join(folder, 'hidden') })
  const first = new ModelError('The engine ran out of memory.')
  const second = new ModelError('The engine is gone.')
  const broken = {
    ...policy,
    step: () => Promise.reject(first),
    reference: async () => ({ ...(await policy.reference()), dispose: () => Promise.reject(second) }),
  }
  const training = trainGrpo({ ...parameters, policy: broken }).finally(() => run.close())
  await expect(training).rejects.toBe(first)
  expect(suppressedBy(first)).toEqual([second])
})
