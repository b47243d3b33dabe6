import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TrainingError } from '../../../core/errors.js'
import { parseMiniConfig } from '../mini-config.js'
import { shapeSchema } from '../mini-shape.js'
import { writeMiniFiles } from '../write-mini-checkpoint.js'
import { openBatchSource, type BatchSource } from './batch-source.js'
import { openThreadedBatches } from './threaded-batches.js'

const config = parseMiniConfig({
  value: { steps: 4, batch: 3, phases: [{ mixture: { places: 1, trajectory: 1, glyph: 1 } }] },
  where: 'test',
})

let directory: string
let inline: BatchSource
let threaded: BatchSource[]
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'codevision-mini-drawing-'))
  await writeMiniFiles({ directory, shape: shapeSchema.parse({}) })
  inline = await openBatchSource({ config, directory })
  threaded = [1, 3].map((threads) => openThreadedBatches({ config, directory, threads }))
})
afterAll(async () => {
  await Promise.all(threaded.map((source) => source.close()))
  await rm(directory, { recursive: true })
})

test('threads draw what is drawn without any, in whatever order steps are asked for', async () => {
  const expected = await Promise.all([0, 1, 2, 3].map((step) => inline.batch(step)))
  expect(expected[1]).not.toEqual(expected[0])
  const request = { task: 'digits', count: 2 } as const
  const held = await inline.held(request)
  expect(held).toHaveLength(2)
  for (const source of threaded) {
    // In order, as a stage that is resumed begins, the last one, and beside what is measured.
    for (const step of [0, 1, 2, 0, 3]) expect(await source.batch(step)).toEqual(expected[step])
    expect(await source.held(request)).toEqual(held)
  }
})

test('a sample that cannot be drawn fails its step and leaves the thread in order', async () => {
  const broken = { ...config, phases: [{ steps: 1, mixture: {} }, { mixture: { glyph: 1 } }] }
  const source = openThreadedBatches({ config: broken, directory, threads: 1 })
  try {
    const failed = source.batch(0)
    await expect(failed).rejects.toThrow(TrainingError)
    await expect(failed).rejects.toThrow(/could not be drawn .* expected a mixture with a share above 0/)
    expect(await source.batch(1)).toHaveLength(3)
  } finally {
    await source.close()
  }
})

test('a thread that ends fails what was asked for and what is asked for after it', async () => {
  const source = openThreadedBatches({ config, directory: join(directory, 'nothing') })
  await expect(source.batch(0)).rejects.toThrow(/could not be drawn in their thread: .*nothing/)
  await expect(source.held({ task: 'glyph', count: 1 })).rejects.toThrow(TrainingError)
  await source.close()
})
