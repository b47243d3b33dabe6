import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { loadGrpoSettings } from '../../../config/training-config.js'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { loadSuite } from '../../../data/load-suite.js'
import { boardRows } from './board-rows.js'
import { configuredRows } from './configured-rows.js'

const settings = await loadGrpoSettings({
  path: fileURLToPath(new URL('../../../../configs/mini/study.yaml', import.meta.url)),
})
const folder = await mkdtemp(join(tmpdir(), 'codevision-study-rows-'))
afterAll(() => rm(folder, { recursive: true }))

test('boards are drawn once, and no question of an evaluation is learned from', async () => {
  const rows = boardRows({ folder, training: { steps: 3, batch: 4 }, evaluated: 12 })
  const transforms = ['none', 'rotate_90'] as const
  const training = await rows.training({ transforms, rows: null, seed: 0 })
  const again = await rows.training({ transforms, rows: 12, seed: 0 })
  expect(again).toEqual(training)
  const fewer = await rows.training({ transforms, rows: 4, seed: 0 })
  const evaluation = await rows.evaluation({ transforms: TRANSFORMS, seed: 0 })
  const measured = await rows.measured({ transforms, seed: 0 })
  expect(measured.every).toBe(1)
  expect(await readdir(folder)).toHaveLength(4)
  const keys = async (data: string | undefined): Promise<string[]> => {
    const found: string[] = []
    for await (const { task } of (await loadSuite({ suite: data ?? '' })).tasks()) found.push(task.key)
    return found
  }
  const learned = await keys(training.data)
  expect(learned).toHaveLength(12)
  expect(learned.slice(0, 4)).toEqual(await keys(fewer.data))
  const held = [...(await keys(evaluation.data)), ...(await keys(measured.data))]
  expect(held.filter((key) => learned.includes(key))).toEqual([])
  expect(await keys((await rows.training({ transforms, rows: null, seed: 1 })).data)).not.toEqual(learned)
})

test('how many questions a training can take is told by its steps, and by the rows that there are', async () => {
  expect(await boardRows({ folder, training: { steps: 3, batch: 4 }, evaluated: 12 }).most()).toBe(12)
  const { data } = await boardRows({ folder, training: { steps: 3, batch: 4 }, evaluated: 12 }).training({
    ...{ transforms: ['none'], rows: null, seed: 2 },
  })
  const most = (changes: { steps?: number; limit?: number | string; transforms?: Transform[] }) => {
    const { steps, ...others } = changes
    const training = { ...settings.training, steps, batch: 4 }
    const evaluation = { data: 'held.parquet', every: 5 }
    const named = { suite: undefined, data, limit: undefined, transforms: undefined }
    return configuredRows({ config: { ...named, evaluation, training, ...others } }).most()
  }
  expect(await most({})).toBe(12)
  expect(await most({ steps: 2 })).toBe(8)
  expect(await most({ steps: 9, limit: 5 })).toBe(5)
  expect(await most({ limit: '5-20' })).toBe(8)
  expect(await most({ transforms: ['none', 'rotate_90'] })).toBe(24)
})

test('boards need a number of steps, and of tasks', () => {
  expect(() => boardRows({ folder, training: { steps: undefined, batch: 4 }, evaluated: 12 })).toThrow(
    '--steps',
  )
  expect(() => boardRows({ folder, training: { steps: 1, batch: 4 }, evaluated: 0 })).toThrow('--rows')
})

test('rows of a configuration are taken as it names them, and transformations are left out of upright ones only', async () => {
  const config = {
    ...{ suite: undefined, data: 'train.parquet', limit: 100, transforms: [...TRANSFORMS] },
    evaluation: { data: 'held.parquet', transforms: [...TRANSFORMS], every: 5, limit: 20 },
    training: { ...settings.training, steps: 3, batch: 4 },
  }
  const rows = configuredRows({ config, evaluated: 60 })
  const asked = { transforms: ['none', 'rotate_90'] as const, seed: 0 }
  expect(await rows.training({ ...asked, rows: null })).toMatchObject({
    ...{ data: 'train.parquet', transforms: ['none', 'rotate_90'], limit: 100 },
  })
  expect(await rows.training({ ...asked, rows: 32 })).toMatchObject({ limit: 32 })
  expect(await rows.evaluation(asked)).toMatchObject({ data: 'held.parquet', limit: 60 })
  expect(await rows.measured(asked)).toMatchObject({ every: 5, limit: 20, transforms: asked.transforms })

  const turned = configuredRows({ config: { ...config, transforms: undefined } })
  expect(await turned.training({ transforms: TRANSFORMS, seed: 0, rows: null })).toMatchObject({
    transforms: undefined,
  })
  expect(() => turned.training({ ...asked, rows: null })).toThrow('expected upright rows')
  expect(() => configuredRows({ config: { ...config, evaluation: undefined } })).toThrow('evaluation: { data')
})
