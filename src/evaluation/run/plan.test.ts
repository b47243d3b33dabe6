import { afterAll, describe, expect, test } from '@jest/globals'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSuite } from '../../data/load-suite.js'
import { planTasks, type Selection } from './plan.js'
import { writeRows } from '../testing/rows.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-plan-'))
afterAll(() => rm(folder, { recursive: true }))
const path = await writeRows({ path: join(folder, 'rows.jsonl'), count: 10 })
const suite = await loadSuite({ suite: path })

async function indexes(selection: Partial<Selection>): Promise<number[]> {
  const plan = await planTasks({
    suite,
    selection: { limit: null, sampleIds: null, shard: null, ...selection },
  })
  return plan.tasks.map(({ index }) => index)
}

describe('planTasks', () => {
  test('takes all rows, or those of a range', async () => {
    expect(await indexes({})).toHaveLength(10)
    expect(await indexes({ limit: { first: 3, last: 5 } })).toEqual([2, 3, 4])
    expect(await indexes({ limit: { first: 9, last: 500 } })).toEqual([8, 9])
  })

  test('shards part the rows, and a row stays in its shard whatever the range', async () => {
    const shards = await Promise.all([1, 2, 3].map((index) => indexes({ shard: { index, count: 3 } })))
    expect(shards).toEqual([
      [0, 3, 6, 9],
      [1, 4, 7],
      [2, 5, 8],
    ])
    expect(await indexes({ shard: { index: 2, count: 3 }, limit: { first: 3, last: 8 } })).toEqual([4, 7])
  })

  test('takes rows by the data set’s own names', async () => {
    expect(await indexes({ sampleIds: ['row-7', 'row-2'] })).toEqual([2, 7])
  })

  test('an unknown sample id is named with the one that was meant', async () => {
    await expect(indexes({ sampleIds: ['row-1', 'rwo-2'] })).rejects.toThrow(
      /has no "rwo-2" \(did you mean "row-2"\?\); its ids are such as row-0/,
    )
  })

  test('a selection without rows is refused', async () => {
    await expect(indexes({ limit: { first: 11, last: 12 } })).rejects.toThrow(/between 1 and 10/)
    await expect(indexes({ limit: { first: 1, last: 1 }, shard: { index: 2, count: 2 } })).rejects.toThrow(
      /No row/,
    )
  })

  test('a row that repeats another is asked once', async () => {
    const twice = join(folder, 'twice.jsonl')
    await appendFile(twice, (await readFile(path, 'utf8')).repeat(2))
    const selection = { limit: null, sampleIds: null, shard: null }
    const plan = await planTasks({ suite: await loadSuite({ suite: twice }), selection })
    expect(plan).toMatchObject({ duplicates: 10 })
    expect(plan.tasks).toHaveLength(10)
  })

  test('tells what of the chosen rows could not be used', async () => {
    const boxes = join(folder, 'boxes.jsonl')
    const lines = [
      { bbox: [0, 0, 2, 2], answer: 'a' },
      { bbox: [3, 3, 3, 3], answer: 'a' },
      { bbox: [0, 0, 2, 2], answer: ' ' },
    ].map((line, at) => ({ question: `${at}?`, image: { bytes: 'AAAA' }, ...line }))
    await appendFile(boxes, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const selection = { limit: null, sampleIds: null, shard: null }
    const plan = await planTasks({ suite: await loadSuite({ suite: boxes }), selection })
    expect(plan.tasks).toHaveLength(3)
    expect(plan.notices).toEqual([
      expect.stringMatching(/line 2: the box \[3, 3, 3, 3\] is taken as unknown/),
      expect.stringMatching(/line 3: an accepted answer is empty/),
    ])
  })
})
