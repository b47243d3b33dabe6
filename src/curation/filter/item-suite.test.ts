import { afterAll, expect, test } from '@jest/globals'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import type { Task } from '../../core/task.js'
import { TRANSFORMS } from '../../core/transform.js'
import { picture } from '../../data/check/testing/picture.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { mapBox } from '../../data/transforms/map-box.js'
import { undoneDigest } from '../../data/transforms/undone-digest.js'
import { planTasks } from '../../evaluation/run/plan.js'
import { parseFilterOptions, type FilterInput } from './filter-options.js'
import { itemSuite } from './item-suite.js'
import { openSources } from './open-sources.js'
import { planItems } from './plan-items.js'
import { surveyRows } from './survey-rows.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-items-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const images = await Promise.all(Array.from({ length: 12 }, (_, at) => picture({ seed: `p${at}` })))
const base64 = (at: number): string => images[at]?.toString('base64') ?? ''
const row = (at: number, changes: object = {}): object => ({
  ...{ id: `r${at}`, question: `What is number ${at}?`, answer: String(at), image: { bytes: base64(at) } },
  ...changes,
})

async function write(name: string, rows: readonly object[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, rows.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return path
}

async function prepared(paths: readonly string[], input: FilterInput = {}) {
  const options = parseFilterOptions(input)
  const sources = await openSources({ sources: paths, seed: 0 })
  const survey = await surveyRows({ sources, options })
  const items = await planItems({ survey, sources, options })
  const suite = itemSuite({ name: 'rl', sources, items })
  const tasks: Task[] = []
  for await (const { task } of suite.tasks()) tasks.push(task)
  return { sources, survey, items, suite, tasks }
}

test('rows are taken as they are, each once: repetitions by every byte and by pixels are counted', async () => {
  const other = await sharp(images[1]).png({ compressionLevel: 0 }).toBuffer()
  const first = await write('first.jsonl', [row(0), row(1), row(2), row(0, { id: 'again' })])
  const second = await write('second.jsonl', [
    row(1, { id: 'other file', image: { bytes: other.toString('base64') } }),
    row(2, { id: 'other question', question: 'What is it?' }),
    row(2, { id: 'other picture', image: { bytes: base64(3) } }),
  ])
  const { survey, tasks } = await prepared([first, second])
  expect(survey.repeated).toEqual({ byKey: 1, byPixels: 1 })
  expect(survey.counts).toEqual([4, 3])
  expect(tasks.map(({ id }) => id)).toEqual([
    ...['first/r0', 'first/r1', 'first/r2', 'second/other question', 'second/other picture'],
  ])
})

test('untransformed rows are each given a transformation: pixels, boxes and must-use tools belong to it', async () => {
  const box = [30, 20, 32, 21] as const
  const rows = images.map((_, at) => row(at, { bbox: box }))
  const path = await write('upright.jsonl', rows)
  const { items, suite, tasks } = await prepared([path], { transform: 'balanced' })
  for (const name of TRANSFORMS) expect(tasks.filter(({ transform }) => transform === name)).toHaveLength(2)
  for (const [at, task] of tasks.entries()) {
    const { transform } = task
    const bytes = (await task.images[0]?.read()) ?? Buffer.alloc(0)
    const canonical = await undoneDigest({ bytes: images[at] ?? Buffer.alloc(0), transform: 'none' })
    expect(await undoneDigest({ bytes, transform })).toBe(canonical)
    expect(task.box).toEqual(mapBox({ box, width: 120, height: 90, transform }))
    // 2 of 10,800 pixels are above 0.01 %; where none was dealt, no tool is needed, and that is known.
    expect(task.requiredTools).toEqual(transform === 'none' ? [] : [inverseOf(transform)])
    expect(task.key).toBe(items[at]?.key)
  }
  const plan = await planTasks({ suite, selection: { limit: null, sampleIds: null, shard: null } })
  expect(plan.tasks.map(({ key }) => key)).toEqual(tasks.map(({ key }) => key))
})

test('rows that come transformed keep theirs, beside those that are given one here', async () => {
  const path = await write('mixed.jsonl', [
    row(0, { transform: ['rotate_90', 'crop'], bbox: [1, 1, 90, 90] }),
    row(1),
    row(2, { transform: ['flip_vertical'] }),
    ...[3, 4, 5].map((at) => row(at)),
  ])
  const { tasks, items } = await prepared([path], { transform: 'balanced' })
  expect(tasks.map(({ transform }) => transform).sort()).toEqual([...TRANSFORMS].sort())
  expect(tasks[0]).toMatchObject({
    transform: 'rotate_90',
    requiredTools: ['rotate_270', 'crop'],
    box: [1, 1, 90, 90],
  })
  expect(tasks[2]?.transform).toBe('flip_vertical')
  expect(items.map(({ row: place }) => place)).toEqual([0, 1, 2, 3, 4, 5])
  expect(items.map(({ isTurnedHere }) => isTurnedHere).filter(Boolean)).toHaveLength(3)
})

test('crop is required where a row says so, or where it says nothing and its box is small', async () => {
  const small = [10, 10, 20, 20] // 100 of 10,800 pixels: 0.93 %
  const large = [0, 0, 60, 60]
  const path = await write('boxes.jsonl', [
    row(0, { bbox: small }),
    row(1, { bbox: large }),
    row(2, { bbox: small, transform: ['rotate_180'] }),
    row(3, { bbox: large, transform: ['crop'] }),
    row(4),
  ])
  const tools = async (input: FilterInput) =>
    (await prepared([path], input)).tasks.map(({ requiredTools }) => requiredTools)
  expect(await tools({ 'crop-below': 0.01 })).toEqual([['crop'], [], ['rotate_180'], ['crop'], null])
  expect(await tools({ 'crop-below': 0.01, 'crop-rule': 'size' })).toEqual([
    ...[['crop'], [], ['rotate_180', 'crop'], [], null],
  ])
  expect((await tools({ 'crop-below': 0.005 }))[0]).toEqual([])
})

test('sources of one name are told apart by their folders, and by numbers', async () => {
  const path = await write('a.jsonl', [row(0)])
  await mkdir(join(folder, 'b'))
  await copyFile(path, join(folder, 'b', 'a.jsonl'))
  const other = await write('c.jsonl', [row(1)])
  const sources = await openSources({ sources: [path, join(folder, 'b', 'a.jsonl'), path, other], seed: 0 })
  const parent = basename(folder)
  expect(sources.map(({ name }) => name)).toEqual([`${parent}/a`, 'b/a', `${parent}/a-2`, 'c'])
})

test('only the rows of a limit are asked', async () => {
  const path = await write('limited.jsonl', [row(0), row(1), row(2), row(3)])
  const { tasks } = await prepared([path], { limit: '2-3' })
  expect(tasks.map(({ id }) => id)).toEqual(['r1', 'r2'])
})
