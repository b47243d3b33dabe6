import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Task } from '../core/task.js'
import { TRANSFORMS } from '../core/transform.js'
import { loadSuite, type Suite } from './load-suite.js'
import { writeTasks } from './write-tasks.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-write-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

/** Six pixels, each another grey: where each goes can be read from the result. */
const image = await sharp(Buffer.from([10, 20, 30, 40, 50, 60]), {
  raw: { width: 3, height: 2, channels: 1 },
})
  .png()
  .toBuffer()
const source = join(folder, 'rows.jsonl')
const base64 = image.toString('base64')
await writeFile(
  source,
  [
    {
      id: 'first',
      question: 'Which?',
      answer: 'B',
      answers_alt: ['b'],
      image: { bytes: base64 },
      transform: ['crop'],
      bbox: [0, 0, 2, 1],
      options: ['x', 'y'],
      category: 'single',
      cluster: 'one',
      licence: 'free',
      metadata: { answer: ['A', 'B'], year: ['NO', 'YES'] },
    },
    { id: 'second', question: 'Which?', answer: 'B', image: { bytes: base64 } },
  ]
    .map((row) => JSON.stringify(row))
    .join('\n'),
)

async function tasksOf(suite: Suite): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const { task } of suite.tasks()) tasks.push(task)
  return tasks
}

async function greys(task: Task | undefined): Promise<number[]> {
  return [
    ...(await sharp(await task?.images[0]?.read())
      .toColourspace('b-w')
      .raw()
      .toBuffer()),
  ]
}

describe.each(['.parquet', '.jsonl'])('rows written as %s', (format) => {
  test('are read back with pixels in their places, boxes mapped, and everything that scorers need', async () => {
    const suite = await loadSuite({ suite: source, transforms: TRANSFORMS })
    const path = join(folder, `turned${format}`)
    expect(await writeTasks({ path, suite })).toBe(12)
    const tasks = await tasksOf(await loadSuite({ suite: path }))
    expect(await Promise.all(tasks.slice(0, 6).map(greys))).toEqual([
      [10, 20, 30, 40, 50, 60],
      [30, 60, 20, 50, 10, 40],
      [60, 50, 40, 30, 20, 10],
      [40, 10, 50, 20, 60, 30],
      [30, 20, 10, 60, 50, 40],
      [40, 50, 60, 10, 20, 30],
    ])
    expect(tasks.slice(0, 6).map(({ box }) => box)).toEqual([
      [0, 0, 2, 1],
      [0, 1, 1, 3],
      [1, 1, 3, 2],
      [1, 0, 2, 2],
      [1, 0, 3, 1],
      [0, 1, 2, 2],
    ])
    expect(tasks.map(({ transform }) => transform)).toEqual([...TRANSFORMS, ...TRANSFORMS])
    expect(tasks[1]).toMatchObject({
      id: 'first:rotate_90',
      question: 'Which?',
      answers: ['B', 'b'],
      requiredTools: ['rotate_270', 'crop'],
      options: ['x', 'y'],
      category: 'single',
      cluster: 'one',
      metadata: { licence: 'free', answer: ['A', 'B'], year: ['NO', 'YES'] },
    })
    expect(tasks[6]).toMatchObject({ id: 'second', requiredTools: null, box: null })
    expect(await tasks[0]?.images[0]?.read()).toEqual(image)
  })

  test('are not transformed a second time', async () => {
    const path = join(folder, `once${format}`)
    await writeTasks({ path, suite: await loadSuite({ suite: source, transforms: ['flip_vertical'] }) })
    const again = await loadSuite({ suite: path, transforms: ['rotate_90'] })
    await expect(tasksOf(again)).rejects.toThrow(
      /expected an untransformed image to transform, got .*flip_vertical/,
    )
  })
})

test('another name than .parquet or .jsonl is refused', async () => {
  const suite = await loadSuite({ suite: source })
  await expect(writeTasks({ path: join(folder, 'rows.csv'), suite })).rejects.toThrow(
    /ends with \.parquet or \.jsonl/,
  )
})
