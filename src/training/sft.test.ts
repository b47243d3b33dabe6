import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

test('a conversation without anything to learn is told by its place', async () => {
  const { run, parameters } = await setUpSft({ path: join(folder, 'empty') })
  const examples = {
    ...parameters.examples,
    count: 1,
    read: () => Promise.resolve({ messages: [], tools: [] }),
  }
  await expect(trainSft({ ...parameters, examples })).rejects.toThrow(
    'conversation 1: expected turns of the assistant to learn from, got none',
  )
  await run.close()
})
