import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { picture } from '../../data/check/testing/picture.js'
import type { Task } from '../../core/task.js'
import { loadSuite } from '../../data/load-suite.js'
import { writeParquet } from '../../data/write-parquet.js'
import { filteredRow } from './filtered-row.js'
import type { RolloutTally } from './tally-rollouts.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-filtered-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const bytes = await picture({ seed: 'one' })
const task: Task = {
  ...{ key: 'k', id: 'docvqa/7:rotate_90', suite: 'docvqa', question: 'Which one?' },
  images: [{ sha256: 's', read: () => Promise.resolve(bytes) }],
  answers: ['B', 'b'],
  options: ['first', 'second'],
  category: 'single',
  cluster: 'of seven',
  transform: 'rotate_90',
  requiredTools: ['rotate_270', 'crop'],
  box: [1.5, 2, 30.2, 40],
  metadata: { licence: 'free', data_source: 'scans', split: 'dev', pass_rate: 0.9, year: ['NO'] },
}
const tally: RolloutTally = {
  ...{ expected: 8, n: 8, correct: 3, failed: 0, isUnusable: false, turns: 21, calls: 13 },
  tools: new Map([
    ['rotate_270', 6],
    ['crop', 5],
  ]),
}

async function tasksOf(path: string): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const { task: read } of (await loadSuite({ suite: path })).tasks()) tasks.push(read)
  expect(tasks).toHaveLength(1)
  return tasks
}

test('what is written is read back, with how often it was solved and what was used', async () => {
  const path = join(folder, 'rows.parquet')
  await writeParquet({ path, rows: [await filteredRow({ task, index: 4, tally })], columns: 'training' })
  for (const read of await tasksOf(path)) {
    const { id, question, answers, options, category, cluster, transform, requiredTools } = task
    expect(read).toMatchObject({
      id,
      question,
      answers,
      options,
      category,
      cluster,
      transform,
      requiredTools,
    })
    expect(read.box).toEqual([1, 2, 31, 40])
    expect(await read.images[0]?.read()).toEqual(bytes)
    expect(read.metadata).toMatchObject({
      ...{
        licence: 'free',
        year: ['NO'],
        data_source: 'scans',
        dataset_name: 'docvqa',
        split: 'dev',
        index: 4,
      },
      ...{ rollouts: 8, correct: 3, pass_rate: 0.375, mean_turns: 2.625, mean_calls: 1.625 },
      tools_used: { crop: 5, rotate_270: 6 },
      required_tools: ['rotate_270', 'crop'],
    })
  }
})

test('readers of the published schema find every one of its columns', async () => {
  const path = join(folder, 'published.parquet')
  await writeParquet({ path, rows: [await filteredRow({ task, index: 0, tally })], columns: 'training' })
  const { buffer, byteOffset, byteLength } = await readFile(path)
  const [row] = await parquetReadObjects({
    file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
  })
  expect(row).toMatchObject({
    data_source: 'scans',
    prompt: [{ role: 'user', content: '<image>\nWhich one?' }],
    images: [{ path: '000000-0' }],
    reward_model: { ground_truth: 'B', style: 'model' },
    extra_info: {
      ...{ answer: 'B', question: 'Which one?', split: 'dev', dataset_name: 'docvqa', index: 0n },
      ...{ bbox: [1n, 2n, 31n, 40n], transform: ['rotate_90', 'crop'] },
    },
  })
})

test('what is not known of a row is not said', async () => {
  const path = join(folder, 'bare.parquet')
  const bare: Task = {
    ...{ key: task.key, id: task.id, suite: task.suite, question: task.question, images: task.images },
    answers: ['B'],
    transform: 'none',
    requiredTools: null,
    box: null,
    metadata: {},
  }
  await writeParquet({
    path,
    rows: [await filteredRow({ task: bare, index: 0, tally })],
    columns: 'training',
  })
  for (const read of await tasksOf(path)) {
    expect(read).toMatchObject({ answers: ['B'], transform: 'none', requiredTools: null, box: null })
    expect('options' in read || 'category' in read || 'cluster' in read).toBe(false)
  }
})
