import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpointFolder } from '../checkpoint/checkpoint-folder.js'
import { CHECKPOINTS_FOLDER } from './train-loop.js'
import { trainingProgress } from './training-progress.js'

const run = await mkdtemp(join(tmpdir(), 'codevision-progress-'))
afterAll(() => rm(run, { recursive: true }))

test('a training is over when all steps are taken and, where it evaluates, the last is evaluated', async () => {
  expect(await trainingProgress(run)).toBeNull()
  const folder = await openCheckpointFolder({ path: join(run, CHECKPOINTS_FOLDER), keep: 1 })
  const saved = (step: number) =>
    folder.write({
      state: {
        ...({ version: 1, kind: 'grpo', totalSteps: 4, seed: 1, data: 'hash', step } as const),
        order: { pass: 0, batch: step },
      },
      savePolicy: async (path) => void (await mkdir(path)),
    })
  const measured = (lines: readonly object[]) =>
    writeFile(join(run, 'metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const isOver = async () => (await trainingProgress(run))?.isOver
  await saved(2)
  expect(await isOver()).toBe(false)
  await saved(4)
  expect(await isOver()).toBe(true)
  const steps = [
    { step: 0, figures: { 'evaluation/accuracy': 0.5 } },
    { step: 4, figures: { loss: 1 } },
  ]
  await measured(steps)
  expect(await isOver()).toBe(false)
  await measured([...steps, { step: 4, figures: { 'evaluation/accuracy': 0.6 } }])
  expect(await isOver()).toBe(true)
  await measured(steps.slice(1))
  expect(await isOver()).toBe(true)
})
