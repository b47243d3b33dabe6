import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { loadGrpoSettings } from '../../../config/training-config.js'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import { parseBoardConfig } from '../../../data/card-board/board-config.js'
import { writeBoards } from '../../../data/card-board/write-boards.js'
import { loadSuite } from '../../../data/load-suite.js'
import { boardRows } from './board-rows.js'
import { configuredRows } from './configured-rows.js'

const settings = await loadGrpoSettings({
  path: fileURLToPath(new URL('../../../../configs/mini/study.yaml', import.meta.url)),
})
const folder = await mkdtemp(join(tmpdir(), 'codevision-study-rows-'))
const own = await mkdtemp(join(tmpdir(), 'codevision-own-rows-'))
afterAll(async () => {
  for (const path of [folder, own]) await rm(path, { recursive: true })
})

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

/** Upright boards, a file of them in each folder. */
async function uprightRows(count: number, place: string, copyOf?: string): Promise<string> {
  const path = join(own, place, 'rows.parquet')
  await mkdir(join(own, place))
  if (copyOf !== undefined) await copyFile(copyOf, path)
  else
    await writeBoards({
      config: parseBoardConfig({ seed: place, transforms: ['none'] }),
      folder: join(own, place),
      rows: count,
    })
  return path
}

const learned = await uprightRows(12, 'learned')
const held = await uprightRows(10, 'held')
const configured = {
  ...{ suite: undefined, data: learned, limit: 70, transforms: [...TRANSFORMS] },
  evaluation: { data: held, transforms: [...TRANSFORMS], every: 5, limit: 20 },
  training: { ...settings.training, steps: 3, batch: 4 },
}
const asked = { transforms: ['none', 'rotate_90'] as const, seed: 0 }
const whole = { transforms: TRANSFORMS, seed: 0 }

test('rows of a configuration are taken as it names them, and transformations are left out of upright ones only', async () => {
  const rows = configuredRows({ config: configured, evaluated: 60 })
  expect(await rows.training({ ...asked, rows: null })).toMatchObject({
    ...{ data: learned, transforms: ['none', 'rotate_90'], limit: 70 },
  })
  expect(await rows.evaluation(asked)).toMatchObject({ data: held, limit: 60 })
  expect(await rows.measured(asked)).toMatchObject({ every: 5, limit: 20, transforms: asked.transforms })

  const turned = configuredRows({ config: { ...configured, transforms: undefined } })
  expect(await turned.training({ ...whole, rows: null })).toMatchObject({ transforms: undefined })
  await expect(turned.training({ ...asked, rows: null })).rejects.toThrow('expected upright rows')
})

test('fewer rows are the first of those that the limit of the configuration leaves', async () => {
  const first = async (limit: number | string | undefined, rows: number) =>
    (await configuredRows({ config: { ...configured, limit } }).training({ ...whole, rows })).limit
  expect(await first('21-70', 8)).toBe('21-28')
  expect(await first(70, 8)).toBe('1-8')
  expect(await first(undefined, 8)).toBe('1-8')
})

test('a training on fewer rows has the steps in which all of them are gone through', async () => {
  const steps = async (changes: { steps?: number; limit?: string }, rows: number | null) => {
    const { limit, ...length } = changes
    const training = { ...settings.training, steps: undefined, passes: 2, batch: 4, ...length }
    return (await configuredRows({ config: { ...configured, limit, training } }).training({ ...whole, rows }))
      .steps
  }
  // 12 boards in six orientations are 18 steps a pass.
  expect(await steps({}, 8)).toBe(36)
  expect(await steps({ limit: '11-30' }, 8)).toBe(10)
  // As the configuration says.
  expect(await steps({}, null)).toBeUndefined()
  expect(await steps({ steps: 7 }, 8)).toBeUndefined()
})

test('rows are told by what they hold, not by where they lie', async () => {
  const identities = async (data: string) => {
    const rows = configuredRows({
      config: { ...configured, data, evaluation: { ...configured.evaluation, data } },
    })
    return JSON.stringify([
      (await rows.training({ ...whole, rows: null })).identity,
      (await rows.evaluation(whole)).identity,
      (await rows.measured(whole)).identity,
    ])
  }
  const elsewhere = await uprightRows(12, 'elsewhere', learned)
  expect(await identities(elsewhere)).toBe(await identities(learned))
  await copyFile(held, elsewhere)
  expect(await identities(elsewhere)).not.toBe(await identities(learned))
})

test('rows that a study cannot have are refused with the key that is to be changed', async () => {
  const rows = configuredRows({
    config: {
      ...configured,
      transforms: ['none'],
      evaluation: { ...configured.evaluation, transforms: ['none'] },
    },
  })
  const turned = { transforms: ['rotate_90'] as const, seed: 0 }
  await expect(rows.training({ ...turned, rows: null })).rejects.toThrow('transforms: expected some of')
  await expect(rows.measured(turned)).rejects.toThrow(
    'evaluation.transforms: expected some of rotate_90, which this study asks for, got none',
  )
  await expect(rows.evaluation(turned)).rejects.toThrow('evaluation.transforms: expected some of')
  for (const evaluated of [0, 2.5])
    expect(() => configuredRows({ config: configured, evaluated })).toThrow(
      `--rows: expected a whole number from 1 on, got ${evaluated}`,
    )
  expect(() => configuredRows({ config: { ...configured, evaluation: undefined } })).toThrow(
    'evaluation: { data',
  )
})
