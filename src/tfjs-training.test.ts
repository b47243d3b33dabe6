import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Sandbox } from './core/sandbox.js'
import { AGENT } from './evaluation/testing/fakes.js'
import { openBackend } from './models/backend/open-backend.js'
import { writeTinyCheckpoint } from './models/testing/tiny-checkpoint.js'
import { openTrainableTfjsPolicy } from './policies/tfjs/open-trainable-tfjs-policy.js'
import { trainGrpo, type TrainGrpoParameters } from './training/grpo.js'
import type { StepMetrics } from './training/metrics/step-metrics.js'
import { setUpGrpo } from './training/testing/grpo-setup.js'
import { createSandbox } from './wiring.js'

/** GRPO on the engine itself. */
let folder: string
let rows: string
let sandbox: Sandbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-tfjs-training-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'tiny') })
  sandbox = await createSandbox()
  const picture = await sharp({ create: { width: 32, height: 16, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const image = { bytes: picture.toString('base64') }
  const colours = ['teal', 'red', 'blue', 'green']
  rows = join(folder, 'rows.jsonl')
  const lines = colours.map((id) =>
    JSON.stringify({ id, question: `Is it ${id}?`, answer: 'yes', image, transform: [] }),
  )
  await writeFile(rows, lines.join('\n'))
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

async function train({
  path,
  mode,
  concurrency,
  ...given
}: {
  path: string
  mode: 'create' | 'resume'
  concurrency: number
} & Pick<TrainGrpoParameters, 'interrupts' | 'onEvent'>): Promise<string> {
  const settings = { totalSteps: 3, batch: 2, groupSize: 6, learningRate: 1e-4, concurrency }
  const { run, parameters } = await setUpGrpo({ rows, path, mode, settings, sandbox })
  const policy = await openTrainableTfjsPolicy({
    ...{ directory: join(folder, 'tiny'), backend: 'wasm', temperature: 1, seed: 3 },
  })
  const agent = { ...AGENT, limits: { turns: 2, tokensPerTurn: 24 } }
  try {
    const checkpoints = { every: 1 }
    const result = await trainGrpo({ ...parameters, ...given, policy, agent, checkpoints })
    return result.checkpoint?.policy ?? ''
  } finally {
    await policy.close?.()
    await run.close()
  }
}

/** Without what depends on the clock. */
async function metricsOf(path: string): Promise<Pick<StepMetrics, 'step' | 'figures'>[]> {
  const lines = (await readFile(join(path, 'metrics.jsonl'), 'utf8')).trim().split('\n')
  return lines.map((line) => {
    const { step, figures } = JSON.parse(line) as StepMetrics
    const kept = Object.entries(figures).filter(([name]) => !/^seconds|perSecond$/.test(name))
    return { step, figures: Object.fromEntries(kept) }
  })
}

test('a training that was broken off has the figures and weights of one that was left alone, whatever was computed together', async () => {
  const [alone, broken] = [join(folder, 'alone'), join(folder, 'broken')]
  const whole = await train({ path: alone, mode: 'create', concurrency: 8 })
  const cancel = new AbortController()
  const first = train({
    ...{ path: broken, mode: 'create', concurrency: 8, interrupts: { cancel: cancel.signal } },
    onEvent: (event) => {
      if (event.type === 'progress' && event.step === 2 && event.phase === 'reward') cancel.abort()
    },
  })
  await expect(first).rejects.toThrow()
  const resumed = await train({ path: broken, mode: 'resume', concurrency: 3 })

  const metrics = await metricsOf(alone)
  expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3])
  for (const { figures } of metrics) expect(figures.updates).toBe(1)
  expect(await metricsOf(broken)).toEqual(metrics)
  for (const file of ['model.safetensors', 'trainer/optimizer.safetensors'])
    expect((await readFile(join(resumed, file))).equals(await readFile(join(whole, file)))).toBe(true)
}, 120_000)
